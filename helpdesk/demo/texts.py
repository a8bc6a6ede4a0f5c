"""What the people of the demo write: eight matters in three languages.

Each matter is a `Matter`: a subject and the words of both sides in the order they are said. `{n}`
is an order number and `{name}` the first name of the customer.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Matter:
    tag: str
    subject: str
    customer: tuple[str, ...]
    agent: tuple[str, ...]
    note: str
    thanks: str


EN = (
    Matter(
        "delivery",
        "Where is my order {n}?",
        (
            "Hello,\n\nI ordered a coffee grinder two weeks ago (order {n}) and the tracking page"
            " has not changed since Monday. Could you tell me where the parcel is?",
            "Still nothing today. The neighbours did not take it either.",
            "The carrier says they need a new delivery date from you, not from me.",
        ),
        (
            "Hello {name},\n\nI am sorry about the wait. The parcel {n} is held at the carrier's"
            " depot because of a missing house number. I have given them the full address and"
            " asked for delivery tomorrow.",
            "I called the depot again: the driver has your parcel on today's tour, between 14 and"
            " 18 h.",
            "I have set the new date with the carrier myself. You do not need to do anything.",
        ),
        "Carrier: address line 2 was cut off in the label. Told the warehouse.",
        "It has arrived, thank you!",
    ),
    Matter(
        "billing",
        "Charged twice for order {n}",
        (
            "My card statement shows two payments for order {n}. I only bought one lamp. Please"
            " give the second payment back.",
            "I can see one of them is marked as pending. Does that matter?",
            "My bank says it takes ten days. Is there a faster way?",
        ),
        (
            "Hello {name},\n\nYou are right: the first attempt was reserved and never released."
            " I have cancelled it; your bank frees the amount within three working days.",
            "Yes: a pending amount is only reserved. It disappears by itself and is never taken.",
            "I have sent your bank our release number, with which they can free it today.",
        ),
        "Payment provider: authorisation 2 of 2 voided.",
        "Thank you, the amount is back.",
    ),
    Matter(
        "returns",
        "The blue jacket is too small",
        (
            "I would like to exchange the jacket from order {n} for a size L. How does that work?",
            "Can I hand it in at a shop instead of posting it?",
            "The label prints with half of the barcode missing.",
        ),
        (
            "Hello {name},\n\nGladly. The return label is attached; size L is reserved for you"
            " and leaves as soon as the parcel is scanned.",
            "Yes, any of our shops takes it. Show them order {n}.",
            "Here is the label as an image; it fits on a quarter of a page.",
        ),
        "Size L in stock: 4 pieces.",
        "Perfect fit. Thanks!",
    ),
    Matter(
        "account",
        "Cannot sign in since yesterday",
        (
            "Since yesterday the app says my password is wrong, although I did not change it.",
            "The reset mail does not arrive, I looked in spam too.",
            "Now I am in, but my saved addresses are gone.",
        ),
        (
            "Hello {name},\n\nYour account was locked after ten wrong attempts from another"
            " place. I have unlocked it and sent you a reset link.",
            "Your provider held our mail back. I have sent it again from another server.",
            "They are back: they belonged to an older profile, which I have joined with this one.",
        ),
        "Attempts came from a known bot network. No successful sign-in.",
        "Everything works again, thank you.",
    ),
    Matter(
        "damaged",
        "Arrived broken: glass carafe",
        (
            "The carafe of order {n} came in pieces. The box was fine from the outside.",
            "Here are the photos you asked for.",
            "I do not need a new one any more, a refund would be better.",
        ),
        (
            "Hello {name},\n\nThat should not happen, I am sorry. Could you send two photos, one"
            " of the box? A new carafe leaves today in any case.",
            "Thank you, that is all I need. No need to send the pieces back.",
            "Of course: the amount is on its way to your card.",
        ),
        "Third broken carafe of batch 17 this month. Told quality.",
        "Thanks for the quick help.",
    ),
    Matter(
        "question",
        "Does the filter fit the older model?",
        (
            "Before I order: does the filter F2 fit the machine from 2019?",
            "The plate under mine says type B. Is that the same?",
            "And how often should I change it?",
        ),
        (
            "Hello {name},\n\nF2 fits all machines from 2018 on. Only type A needs the adapter.",
            "Type B is fine without an adapter.",
            "Every two months, or after 60 litres.",
        ),
        "Add to the product page: type A needs adapter.",
        "Great, ordered. Thank you.",
    ),
    Matter(
        "cancel",
        "Please cancel my subscription",
        (
            "I am moving abroad and would like to end my subscription at the end of the month.",
            "Will I get something back for the rest of the year?",
            "Please confirm the date in writing for my accountant.",
        ),
        (
            "Hello {name},\n\nDone: it ends on the last day of this month. You will not be"
            " charged again.",
            "Yes, the unused months go back to the card you paid with.",
            "The confirmation with the date is attached.",
        ),
        "Reason: moving. Offered a pause, declined.",
        "Thank you and all the best!",
    ),
    Matter(
        "bug",
        "The app closes when I open invoices",
        (
            "Whenever I tap Invoices the app closes. Phone from 2022, latest version.",
            "I reinstalled it, the same happens.",
            "On the tablet it works, only the phone fails.",
        ),
        (
            "Hello {name},\n\nThank you for the details. I could make it happen here and have"
            " passed it to the developers. Until then you find the invoices on the web page.",
            "A corrected version is in review at the store and should reach you this week.",
            "That fits: only phones with the large font setting are concerned.",
        ),
        "Reproduced with font scale 1.3. Linked to the developers' list.",
        "The update solved it. Thanks!",
    ),
)

ES = (
    Matter(
        "delivery",
        "¿Dónde está mi pedido {n}?",
        (
            "Hola:\n\nHice el pedido {n} hace dos semanas y el seguimiento no cambia desde el"
            " lunes. ¿Me pueden decir dónde está el paquete?",
            "Hoy tampoco ha llegado. Los vecinos no lo han recogido.",
            "El transportista dice que la nueva fecha la tienen que dar ustedes.",
        ),
        (
            "Hola, {name}:\n\nSiento la espera. El paquete {n} está parado en el almacén del"
            " transportista porque faltaba el número del portal. Ya les di la dirección completa"
            " y lo entregan mañana.",
            "He vuelto a llamar: el conductor lo lleva en la ruta de hoy, entre las 14 y las 18.",
            "Ya he fijado yo la nueva fecha. No tiene que hacer nada más.",
        ),
        "Transportista: la segunda línea de la dirección salió cortada. Avisado el almacén.",
        "Ya llegó, muchas gracias.",
    ),
    Matter(
        "billing",
        "Cobro doble en el pedido {n}",
        (
            "En mi tarjeta aparecen dos cobros del pedido {n} y solo compré una lámpara. Por"
            " favor, devuelvan el segundo.",
            "Uno de los dos aparece como pendiente. ¿Importa?",
            "Mi banco dice que tarda diez días. ¿Hay algo más rápido?",
        ),
        (
            "Hola, {name}:\n\nTiene razón: el primer intento quedó retenido. Ya lo anulé; su"
            " banco libera el importe en tres días hábiles.",
            "Sí: lo pendiente solo está reservado, desaparece y nunca se cobra.",
            "He enviado a su banco el número de anulación para que lo liberen hoy.",
        ),
        "Pasarela: autorización 2 de 2 anulada.",
        "Gracias, ya me lo devolvieron.",
    ),
    Matter(
        "returns",
        "La chaqueta azul me queda pequeña",
        (
            "Quisiera cambiar la chaqueta del pedido {n} por una talla L. ¿Cómo se hace?",
            "¿Puedo entregarla en una tienda en vez de enviarla?",
            "La etiqueta se imprime con medio código de barras.",
        ),
        (
            "Hola, {name}:\n\nCon gusto. La etiqueta va adjunta; la talla L queda reservada y"
            " sale en cuanto escaneen el paquete.",
            "Sí, en cualquiera de nuestras tiendas, con el número {n}.",
            "Aquí va la etiqueta como imagen; cabe en un cuarto de hoja.",
        ),
        "Quedan 4 unidades de la talla L.",
        "Me queda perfecta. ¡Gracias!",
    ),
    Matter(
        "account",
        "No puedo entrar desde ayer",
        (
            "Desde ayer la aplicación dice que la contraseña es incorrecta y no la he cambiado.",
            "El correo para cambiarla no llega, tampoco está en el spam.",
            "Ya pude entrar, pero no están mis direcciones guardadas.",
        ),
        (
            "Hola, {name}:\n\nSu cuenta se bloqueó tras diez intentos fallidos desde otro lugar."
            " Ya la desbloqueé y le envié un enlace.",
            "Su proveedor retuvo nuestro correo. Lo reenvié desde otro servidor.",
            "Ya están: eran de un perfil anterior, que he unido con este.",
        ),
        "Los intentos venían de una red de bots. Ninguno entró.",
        "Todo funciona otra vez, gracias.",
    ),
    Matter(
        "damaged",
        "Llegó rota: jarra de cristal",
        (
            "La jarra del pedido {n} llegó en pedazos. La caja por fuera estaba bien.",
            "Aquí están las fotos que me pidió.",
            "Ya no necesito otra, prefiero la devolución del dinero.",
        ),
        (
            "Hola, {name}:\n\nLo siento mucho. ¿Me envía dos fotos, una de la caja? La jarra"
            " nueva sale hoy en cualquier caso.",
            "Gracias, con eso basta. No hace falta devolver los pedazos.",
            "Por supuesto: el importe va de vuelta a su tarjeta.",
        ),
        "Tercera jarra rota del lote 17 este mes. Avisado calidad.",
        "Gracias por la ayuda tan rápida.",
    ),
    Matter(
        "question",
        "¿El filtro sirve para el modelo antiguo?",
        (
            "Antes de comprar: ¿el filtro F2 sirve para la máquina de 2019?",
            "La placa de la mía dice tipo B. ¿Es lo mismo?",
            "¿Y cada cuánto se cambia?",
        ),
        (
            "Hola, {name}:\n\nEl F2 sirve desde 2018. Solo el tipo A necesita adaptador.",
            "El tipo B va bien sin adaptador.",
            "Cada dos meses, o después de 60 litros.",
        ),
        "Añadir a la ficha: el tipo A necesita adaptador.",
        "Perfecto, ya lo pedí. Gracias.",
    ),
    Matter(
        "cancel",
        "Quiero cancelar mi suscripción",
        (
            "Me mudo al extranjero y quiero terminar la suscripción a fin de mes.",
            "¿Me devuelven la parte del año que queda?",
            "Por favor, confírmeme la fecha por escrito.",
        ),
        (
            "Hola, {name}:\n\nListo: termina el último día de este mes y no habrá más cobros.",
            "Sí, los meses no usados vuelven a la tarjeta con la que pagó.",
            "Adjunto la confirmación con la fecha.",
        ),
        "Motivo: mudanza. Ofrecí una pausa, no la quiere.",
        "¡Gracias y hasta pronto!",
    ),
    Matter(
        "bug",
        "La aplicación se cierra al abrir facturas",
        (
            "Cada vez que toco Facturas se cierra la aplicación. Teléfono de 2022, última versión.",
            "La reinstalé y pasa lo mismo.",
            "En la tableta funciona, solo falla en el teléfono.",
        ),
        (
            "Hola, {name}:\n\nGracias por los detalles. Lo pude repetir y lo pasé al equipo."
            " Mientras tanto tiene las facturas en la web.",
            "La versión corregida está en revisión y debería llegarle esta semana.",
            "Encaja: solo afecta a teléfonos con letra grande.",
        ),
        "Se repite con escala de letra 1.3. Enlazado a la lista del equipo.",
        "La actualización lo arregló. ¡Gracias!",
    ),
)

PT = (
    Matter(
        "delivery",
        "Onde está o meu pedido {n}?",
        (
            "Olá,\n\nFiz o pedido {n} há duas semanas e o rastreio não muda desde segunda-feira."
            " Podem me dizer onde está a encomenda?",
            "Hoje também não chegou. Os vizinhos não receberam nada.",
            "A transportadora diz que a nova data tem que vir de vocês.",
        ),
        (
            "Olá, {name}!\n\nDesculpe a demora. O pacote {n} ficou parado na transportadora por"
            " falta do número da casa. Já passei o endereço completo e a entrega é amanhã.",
            "Liguei de novo: o motorista está com ele na rota de hoje, entre 14 e 18 h.",
            "Já marquei a nova data. Você não precisa fazer mais nada.",
        ),
        "Transportadora: a linha 2 do endereço saiu cortada. Avisei o depósito.",
        "Chegou, muito obrigada!",
    ),
    Matter(
        "billing",
        "Cobrança em dobro no pedido {n}",
        (
            "No meu cartão aparecem duas cobranças do pedido {n}, mas comprei só uma luminária."
            " Por favor, devolvam a segunda.",
            "Uma delas aparece como pendente. Isso importa?",
            "Meu banco diz que leva dez dias. Tem como ser mais rápido?",
        ),
        (
            "Olá, {name}!\n\nVocê tem razão: a primeira tentativa ficou reservada. Já cancelei;"
            " o banco libera o valor em três dias úteis.",
            "Sim: o pendente só fica reservado, some sozinho e nunca é cobrado.",
            "Mandei ao seu banco o número da liberação para fazerem hoje.",
        ),
        "Operadora: autorização 2 de 2 cancelada.",
        "Obrigado, o valor voltou.",
    ),
    Matter(
        "returns",
        "A jaqueta azul ficou pequena",
        (
            "Quero trocar a jaqueta do pedido {n} pelo tamanho G. Como faço?",
            "Posso entregar em uma loja em vez de enviar?",
            "A etiqueta sai com metade do código de barras.",
        ),
        (
            "Olá, {name}!\n\nClaro. A etiqueta vai em anexo; o tamanho G está reservado e sai"
            " assim que lerem o pacote.",
            "Sim, em qualquer loja nossa, com o número {n}.",
            "Aqui vai a etiqueta como imagem; cabe em um quarto de folha.",
        ),
        "Restam 4 peças do tamanho G.",
        "Ficou perfeita. Obrigada!",
    ),
    Matter(
        "account",
        "Não consigo entrar desde ontem",
        (
            "Desde ontem o aplicativo diz que a senha está errada, e eu não mudei nada.",
            "O e-mail para trocar não chega, nem no spam.",
            "Agora entrei, mas meus endereços salvos sumiram.",
        ),
        (
            "Olá, {name}!\n\nA conta foi bloqueada depois de dez tentativas erradas de outro"
            " lugar. Já desbloqueei e mandei um link.",
            "Seu provedor segurou nosso e-mail. Enviei de novo por outro servidor.",
            "Já voltaram: eram de um perfil antigo, que juntei com este.",
        ),
        "As tentativas vieram de uma rede de robôs. Nenhuma entrou.",
        "Tudo funciona de novo, obrigado.",
    ),
    Matter(
        "damaged",
        "Chegou quebrada: jarra de vidro",
        (
            "A jarra do pedido {n} chegou em pedaços. A caixa por fora estava boa.",
            "Aqui estão as fotos.",
            "Não preciso mais de outra, prefiro o dinheiro de volta.",
        ),
        (
            "Olá, {name}!\n\nSinto muito. Pode mandar duas fotos, uma da caixa? A jarra nova sai"
            " hoje de qualquer forma.",
            "Obrigado, é o que eu precisava. Não precisa devolver os pedaços.",
            "Claro: o valor está voltando para o seu cartão.",
        ),
        "Terceira jarra quebrada do lote 17 neste mês. Avisei a qualidade.",
        "Obrigada pela ajuda rápida.",
    ),
    Matter(
        "question",
        "O filtro serve no modelo antigo?",
        (
            "Antes de comprar: o filtro F2 serve na máquina de 2019?",
            "A placa da minha diz tipo B. É a mesma coisa?",
            "E de quanto em quanto tempo se troca?",
        ),
        (
            "Olá, {name}!\n\nO F2 serve em todas desde 2018. Só o tipo A precisa de adaptador.",
            "O tipo B funciona sem adaptador.",
            "A cada dois meses, ou depois de 60 litros.",
        ),
        "Pôr na página do produto: tipo A precisa de adaptador.",
        "Ótimo, já pedi. Obrigado.",
    ),
    Matter(
        "cancel",
        "Quero cancelar a minha assinatura",
        (
            "Vou me mudar para o exterior e quero encerrar a assinatura no fim do mês.",
            "Recebo de volta o resto do ano?",
            "Por favor, confirme a data por escrito.",
        ),
        (
            "Olá, {name}!\n\nPronto: termina no último dia deste mês e não haverá novas cobranças.",
            "Sim, os meses não usados voltam para o cartão com que pagou.",
            "A confirmação com a data vai em anexo.",
        ),
        "Motivo: mudança. Ofereci uma pausa, não quis.",
        "Obrigada e até breve!",
    ),
    Matter(
        "bug",
        "O aplicativo fecha ao abrir as faturas",
        (
            "Sempre que toco em Faturas o aplicativo fecha. Telefone de 2022, última versão.",
            "Reinstalei e acontece o mesmo.",
            "No tablet funciona, só falha no telefone.",
        ),
        (
            "Olá, {name}!\n\nObrigado pelos detalhes. Consegui repetir e passei para a equipe."
            " Por enquanto as faturas estão no site.",
            "A versão corrigida está em revisão e deve chegar esta semana.",
            "Faz sentido: só afeta telefones com letra grande.",
        ),
        "Repete com escala de letra 1.3. Ligado à lista da equipe.",
        "A atualização resolveu. Obrigado!",
    ),
)

MATTERS = {"en": EN, "es": ES, "pt-br": PT}

COMMENTS = {
    "en": {
        1: ("Nobody told me anything for a week.", "I had to explain it three times."),
        2: ("Too slow.", ""),
        3: ("It took a while, but fine.", ""),
        4: ("Good, thanks.", ""),
        5: ("Quick and friendly!", "Solved at once, thank you.", ""),
    },
    "es": {
        1: ("Una semana sin noticias.", "Tuve que explicarlo tres veces."),
        2: ("Demasiado lento.", ""),
        3: ("Tardó, pero bien.", ""),
        4: ("Bien, gracias.", ""),
        5: ("¡Rápidos y amables!", "Resuelto a la primera, gracias.", ""),
    },
    "pt-br": {
        1: ("Uma semana sem notícias.", "Tive que explicar três vezes."),
        2: ("Muito lento.", ""),
        3: ("Demorou, mas tudo bem.", ""),
        4: ("Bom, obrigado.", ""),
        5: ("Rápidos e simpáticos!", "Resolvido na hora, obrigada.", ""),
    },
}

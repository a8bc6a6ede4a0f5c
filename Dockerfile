FROM python:3.11.14-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 VAR_DIR=/data

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin helpdesk \
    && install -d -o helpdesk -g helpdesk -m 0700 /data

WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt

# Owned by root: the processes can read the code and not change it.
COPY . .

USER helpdesk
VOLUME /data
EXPOSE 8000 2525
CMD ["python", "-m", "helpdesk.supervisor", "web"]

/**
 * A certificate for this machine's own name that nobody vouches for, and its key, which keeps nothing secret. Made for
 * a hundred years by
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost
 * -addext "subjectAltName=DNS:localhost,IP:127.0.0.1"`.
 */
export const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrotVZjuLojqWp4kx
ut17C7nW/rhHD7DY4VQ0P/LH7gGhRANCAASK53wjWWkc7L53p5V3SXv8yWoqmaM/
fZ8xGi+VMWTDuRjEEtpQSJFH/4wN91ikwhzfsbblr7nioRdwCQzObpT5
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUBUXuJcTA0ZDRgmXx7sUQLPRSUpowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA0MzUxMVoYDzIxMjYxMDI5
MDQzNTExWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASK53wjWWkc7L53p5V3SXv8yWoqmaM/fZ8xGi+VMWTDuRjEEtpQSJFH
/4wN91ikwhzfsbblr7nioRdwCQzObpT5o28wbTAdBgNVHQ4EFgQUL5RlGtkdZsP+
r/yhREfNCnsC9JowHwYDVR0jBBgwFoAUL5RlGtkdZsP+r/yhREfNCnsC9JowDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgcWAqQoW3COsaYKGpbkXbouT/7fGRwDMti1D/8qcABsoCIBq4
utH63eqbKtcltxS56FaXbYbD/pvE6OojYvcx7Q6L
-----END CERTIFICATE-----
`,
} as const;

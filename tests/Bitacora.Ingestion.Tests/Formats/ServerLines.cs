using System.Text;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Files of web servers, syslog and the journal to be cut and mutated.</summary>
internal static class ServerLines
{
    public static TheoryData<string> Formats => ["access", "nginx-error", "apache-error", "syslog", "syslog5424", "journal-export"];

    public static FormatContext Context => new(
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"), new DateTimeOffset(2024, 5, 1, 12, 30, 0, TimeSpan.Zero))
    {
        Stem = "file",
        Path = "/var/log/file.log",
    };

    public static IFormatDecoder Decoder(string format) => LogFormats.Find(format)!.Create(Context);

    public static byte[] Of(string format) => format switch
    {
        "access" => [.. Sample("apache-common"), .. Sample("nginx-main"), .. Sample("other_vhosts_access"), .. Access],
        "nginx-error" => NginxError,
        "apache-error" => [.. Sample("apache-error-2.4"), .. ApacheError],
        "syslog" => [.. Sample("auth"), .. Sample("syslog-pri"), .. Syslog],
        "journal-export" => Journal,
        _ => Sample(format),
    };

    private static byte[] Access => Encoding.UTF8.GetBytes(
        """
        127.0.0.1 - alice bob [23/Nov/2026:06:42:18 +0000] "GET /a%20b?x=%22y%22 HTTP/1.1" 404 153 "http://ref/?a=b \x22c\x22" "quo\x22te\x5Cback"
        127.0.0.1 - - [23/Nov/2026:06:42:46 +0000] "\x16\x03\x01\x02\x00\x01\xFF" 400 157 "-" "-"

        """);

    private static byte[] NginxError => Encoding.UTF8.GetBytes(
        """
        2026/11/23 06:42:17 [notice] 19258#19258: using the "epoll" event method
        2026/11/23 06:42:18 [info] 19261#19261: *1 client 127.0.0.1 closed keepalive connection
        2026/11/23 06:42:18 [error] 19261#19261: *4 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: , request: "GET /up/x HTTP/1.1", upstream: "http://127.0.0.1:1/up/x", host: "127.0.0.1:55080"
        2026/11/23 06:42:18 [error] 19261#19261: *2 open() "/srv/a b" failed (2: No such file or directory), client: 127.0.0.1, server: s, request: "GET /a%20b HTTP/1.1", subrequest: "/b", host: "h", referrer: "http://ref/?a=b "c""

        """);

    private static byte[] ApacheError => Encoding.UTF8.GetBytes(
        """
        [Sun Dec 04 05:15:09 2005] [error] [client 222.166.160.184] Directory index forbidden by rule: /var/www/html/
        [Mon Nov 23 06:51:01 2026] [proxy:error] [pid 7] a.c(12): (70007)The timeout specified has expired: [client 192.0.2.1:5] AH01075: x

        """);

    private static byte[] Syslog => Encoding.UTF8.GetBytes(
        """
        Nov 23 06:44:13 web1 sshd[1]: Received disconnect from 2001:db8::7 port 51234:11: disconnected by user
        Nov 23 06:44:13 web1 sshd[1]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root
        Nov  3 06:44:13 web1 sshd(pam_unix)[19939]: authentication failure; logname= uid=0 euid=0 tty=x ruser= rhost=192.0.2.1 user=root

        """);

    private static byte[] Journal =>
    [
        .. Encoding.UTF8.GetBytes(
            """
            __CURSOR=s=1;i=1
            __REALTIME_TIMESTAMP=1714566605000000
            MESSAGE=plain = message
            PRIORITY=6
            SYSLOG_IDENTIFIER=app
            _SYSTEMD_UNIT=app.service
            _HOSTNAME=web1
            _PID=77

            __REALTIME_TIMESTAMP=1714566605000001
            MESSAGE

            """),
        .. JournalExportTests.Value("multi\n\n__REALTIME_TIMESTAMP=1\n\n{}\n"u8),
        .. "TAG=a\nTAG=b\"\\\u0001\n_COMM=x\n\n__REALTIME_TIMESTAMP=1714566605000002\nMESSAGE\n"u8,
        .. JournalExportTests.Value([0, 0xFF, (byte)'\n']),
        .. "PRIORITY=4\n\n"u8,
        .. "__REALTIME_TIMESTAMP=1714566605000003\nMESSAGE=last\n"u8,
    ];

    private static byte[] Sample(string name) => File.ReadAllBytes(FormatFiles.Sample($"Samples/{name}.log")!);
}

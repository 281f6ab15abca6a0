using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Lines of syslog of which hosts, programs and whoever knocks at the door make anything.</summary>
public class SyslogDetailTests
{
    [Theory]
    [InlineData("web1 app[7]: hi", "source=app host=web1 message=hi process.pid:7")]
    [InlineData("web1 app[7] <Error>: hi", "source=app host=web1 message=<Error>: hi process.pid:7")]
    [InlineData("web1 app[main]: hi", "source=app host=web1 message=hi syslog.procid:'main'")]
    [InlineData("2001:db8::1 Foo::Bar: hi", "source=Foo::Bar host=2001:db8::1 message=hi")]
    [InlineData("fe80:: app: hi", "source=app host=fe80:: message=hi")]
    [InlineData("app[7]: hi there", "source=app message=hi there process.pid:7")]
    [InlineData("app: hi", "source=app message=hi")]
    [InlineData("hello", "message=hello")]
    [InlineData("web1 app", "source=app host=web1")]
    [InlineData("web1 app:text", "source=app host=web1 message=text")]
    [InlineData("web1 (sd-pam)[9]: hi", "source=(sd-pam) host=web1 message=hi process.pid:9")]
    [InlineData("web1 postfix/submission/smtpd[9]: hi", "source=postfix logger=submission/smtpd host=web1 message=hi process.pid:9")]
    [InlineData("web1 [12.5] hi", "host=web1 message=[12.5] hi")]
    [InlineData("web1 -- MARK --", "host=web1 message=-- MARK --")]
    [InlineData("web1 last message repeated 2 times", "host=web1 message=last message repeated 2 times")]
    [InlineData("web1 %ASA-6-302013: Built", "source=%ASA-6-302013 host=web1 message=Built")]
    public void Host_and_tag_may_be_there_or_not(string line, string expected) => Show("May  1 14:00:00 " + line)
        .ShouldBe("time=2024-05-01T12:00:00.0000000Z layer=infrastructure " + expected);

    [Theory]
    [InlineData("2026-11-23T06:44:13.894032+00:00 web1 app: hi", true)]
    [InlineData("2026-11-23T06:44:13+0100 web1 app[7]: hi", true)]
    [InlineData("2026-11-23T06:44:13Z app[7]: hi", true)]
    [InlineData("<12>2026-11-23T06:51:07.5+01:00 web1 app: hi", true)]
    [InlineData("<191>May  1 12:00:00 x", true)]
    [InlineData("May  1 12:00:00", false)]
    [InlineData("<192>May  1 12:00:00 x", false)]
    [InlineData("<13>1 2026-11-23T06:51:01Z web1 app - - - hi", false)]
    [InlineData("2026-11-23T06:44:13 web1 app: hi", false)]
    [InlineData("2026-11-23T06:44:13.123456789Z Starting server: hi", false)]
    [InlineData("2026-11-23T06:44:13Z INFO shop.orders: hi", false)]
    [InlineData("2026-11-23T06:44:13Z Server: started", false)]
    [InlineData("2026-11-23T06:51:01.944Z ERROR 4321 --- [shop] [main] c.e.shop: hi", false)]
    [InlineData("2026-11-23T06:44:01.835618Z 0 [Warning] [MY-010068] [Server] hi", false)]
    [InlineData("<6>2026-11-23T06:51:01.944+00:00 My.App[14] hi: bob", false)]
    [InlineData("May 32 12:00:00 web1 app: hi", false)]
    [InlineData("May  1, 2026 12:00:00 AM a.b.C", false)]
    public void A_time_of_RFC_3339_is_syslogs_only_before_a_host_and_a_tag(string line, bool isOne) =>
        ServerLines.Decoder("syslog").Classify(Encoding.UTF8.GetBytes(line), out _).ShouldBe(isOne ? LineRole.Start : LineRole.Foreign);

    [Theory]
    [InlineData("Failed password for x from 6.6.6.6 port 1 ssh2 from 192.0.2.1 port 5 ssh2",
        "user.name:'x from 6.6.6.6 port 1 ssh2' client.address:'192.0.2.1' client.port:5")]
    [InlineData("Failed password for invalid user invalid user [x] from 2001:db8::7 port 5 ssh2",
        "user.name:'invalid user [x]' sshd.invalid_user:true client.address:'2001:db8::7' client.port:5")]
    [InlineData("Failed password for invalid user  from fe80::1%eth0 port 5 ssh2",
        "sshd.invalid_user:true client.address:'fe80::1%eth0' client.port:5")]
    [InlineData("Failed publickey for root from 192.0.2.1 port 5 ssh2: RSA SHA256:abc",
        "user.name:'root' client.address:'192.0.2.1' client.port:5")]
    [InlineData("Failed publickey for root from 192.0.2.1 port 5 ssh2: RSA-CERT ID x from 6.6.6.6 port 1 ssh2: (serial 0)", "")]
    [InlineData("Accepted publickey for al from 192.0.2.1 port 5 ssh2: RSA-CERT ID x from 6.6.6.6 port 1 ssh2: (serial 0)",
        "user.name:'al' client.address:'192.0.2.1' client.port:5")]
    [InlineData("Failed password for root from host port 5 ssh2", "")]
    [InlineData("Failed password for root from 192.0.2.1 port 5", "")]
    [InlineData("Failed password for root from 192.0.2.1 port 123456 ssh2", "")]
    public void The_peer_of_an_attempt_is_read_where_only_sshd_writes(string text, string expected) =>
        Details("sshd", text).Replace("sshd.method:'password' ", "", StringComparison.Ordinal)
            .Replace("sshd.method:'publickey' ", "", StringComparison.Ordinal).ShouldBe(expected);

    [Theory]
    [InlineData("sshd-session", "Invalid user  from 192.0.2.1", "sshd.invalid_user:true client.address:'192.0.2.1'")]
    [InlineData("sshd", "Invalid user a from 6.6.6.6 port 1 from 192.0.2.1 port 5",
        "user.name:'a from 6.6.6.6 port 1' sshd.invalid_user:true client.address:'192.0.2.1' client.port:5")]
    [InlineData("sshd", "Connection closed by invalid user a user b 6.6.6.6 port 1 192.0.2.1 port 5 [preauth]",
        "user.name:'a user b 6.6.6.6 port 1' sshd.invalid_user:true client.address:'192.0.2.1' client.port:5")]
    [InlineData("sshd", "Connection reset by authenticating user  192.0.2.1 port 5", "client.address:'192.0.2.1' client.port:5")]
    [InlineData("sshd", "Connection closed by remote host", "")]
    [InlineData("sshd", "Connection closed by some 192.0.2.1", "")]
    [InlineData("sshd", "Did not receive identification string from a 192.0.2.1", "")]
    [InlineData("sshd", "Received disconnect from 2001:db8::7 port 5:11: bye from 6.6.6.6", "client.address:'2001:db8::7' client.port:5")]
    [InlineData("sshd", "Received disconnect from 2001:db8::7: 11: bye", "client.address:'2001:db8::7'")]
    [InlineData("sshd", "PAM 1 more authentication failure; tty=ssh ruser= rhost=192.0.2.1 ", "client.address:'192.0.2.1'")]
    [InlineData("su", "pam_unix(su:auth): authentication failure; ruser=a rhost=6.6.6.6 rhost=192.0.2.1  user=root",
        "client.address:'192.0.2.1' user.name:'root'")]
    [InlineData("su", "pam_unix(su:auth", "")]
    [InlineData("login", "Failed password for root from 192.0.2.1 port 5 ssh2", "")]
    [InlineData("sudo", "al : TTY=tty1 ; PWD=/ ; USER=root ; GROUP=adm ; COMMAND=/bin/a ; USER=b",
        "user.name:'al' sudo.tty:'tty1' process.working_directory:'/' sudo.user:'root' process.command_line:'/bin/a ; USER=b'")]
    [InlineData("sudo", "al : a password is required", "")]
    [InlineData("sudo", "al : TTY=tty1 ; PWD=/", "")]
    [InlineData("cron", "(al) CMD (a) CMD (b)", "user.name:'al' process.command_line:'a) CMD (b'")]
    [InlineData("CRON", "(al) CMD (", "")]
    [InlineData("CRON", "(CRON) INFO (pidfile fd = 3)", "")]
    public void Details_come_only_from_whole_sentences(string program, string text, string expected) =>
        Details(program, text).ShouldBe(expected);

    [Theory]
    [InlineData("[a b=\"\\]\\x\"][c] hi", "a.b:']\\x' c:true")]
    [InlineData("[a b=\"1\"]", "a.b:'1'")]
    [InlineData("- [hi]", "")]
    [InlineData("[a b=\"1\"]hi", null)]
    [InlineData("[a b=\"1\"] [c]", "a.b:'1'")]
    [InlineData("[]", null)]
    [InlineData("[a b=1]", null)]
    [InlineData("[a  b=\"1\"]", null)]
    [InlineData("hi", null)]
    public void Structured_data_is_read_whole_or_the_line_is_refused(string data, string? expected)
    {
        var decoder = ServerLines.Decoder("syslog5424");
        var line = Encoding.UTF8.GetBytes("<14>1 2024-05-01T12:00:00Z web1 app - - " + data);
        decoder.Classify(line, out _).ShouldBe(LineRole.Start);
        if (expected is null)
        {
            Decoded.Reason(decoder, line).ShouldNotBeNull();
            return;
        }

        string.Join(' ', Decoded.Record(decoder, line).Attributes.Where(a => a.Key != "syslog.facility")
            .Select(a => a.Key + (a.Value.Type == AttributeType.String ? $":'{a.Value.Text}'" : ":" + a.Value.Text)))
            .ShouldBe(expected);
    }

    private static string Details(string program, string text)
    {
        var prefix = $"time=2024-05-01T12:00:00.0000000Z layer=infrastructure source={program} host=web1 message={text}";
        var shown = Show($"May  1 14:00:00 web1 {program}: {text}");
        shown.ShouldStartWith(prefix);
        return shown[prefix.Length..].TrimStart();
    }

    private static string Show(string line) => Decoded.Show(Decoded.Record(ServerLines.Decoder("syslog"), Encoding.UTF8.GetBytes(line)));
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Bitacora.Alerting.Tests;

/// <summary>
/// Debian's OpenSMTPD as a process, which writes each mail into a folder. Needs the rights of root. Without TLS: version 6.8 cannot find
/// its own private key with OpenSSL 3.
/// </summary>
internal sealed class OpenSmtpd : IAsyncDisposable
{
    private const string Program = "/usr/sbin/smtpd";
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly string _box;

    private OpenSmtpd(Process process, string box, int port) => (_process, _box, Port) = (process, box, port);

    /// <summary>Whether it can be started here.</summary>
    public static bool IsThere => File.Exists(Program) && Environment.IsPrivilegedProcess;

    public int Port { get; }

    public static async Task<OpenSmtpd> StartAsync(string directory)
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        // Mails are written by nobody's own user.
        var box = Directory.CreateDirectory(Path.Combine(directory, "box"), Everybody).FullName;
        File.SetUnixFileMode(box, Everybody);
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        var configuration = Path.Combine(directory, "smtpd.conf");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            table users { "@" = nobody }
            listen on 127.0.0.1 port {{port}}
            action "keep" mda "cat > {{box}}/part && mv {{box}}/part {{box}}/mail" virtual <users>
            match from any for any action "keep"

            """);
        var start = new ProcessStartInfo(Program, ["-d", "-f", configuration]) { RedirectStandardError = true };
        var smtpd = new OpenSmtpd(Process.Start(start)!, box, port);
        using var look = new PeriodicTimer(BetweenLooks);
        while (!await smtpd.ListensAsync())
        {
            await look.WaitForNextTickAsync();
            smtpd._process.HasExited.ShouldBeFalse("OpenSMTPD did not start; perhaps another runs already");
        }

        return smtpd;
    }

    /// <summary>The mail, when it is there.</summary>
    public async Task<byte[]> ReceivedAsync()
    {
        var waited = Stopwatch.StartNew();
        var mail = Path.Combine(_box, "mail");
        using var look = new PeriodicTimer(BetweenLooks);
        while (!File.Exists(mail))
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await look.WaitForNextTickAsync();
        }

        return await File.ReadAllBytesAsync(mail);
    }

    public async ValueTask DisposeAsync()
    {
        // Its helpers end with it.
        using var kill = Process.Start("kill", [$"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

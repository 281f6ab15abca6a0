using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Server;

namespace Bitacora.Cli.Showing;

/// <summary>Shows a secret, this once: alone on standard output, so that a script can take it.</summary>
internal static class NewSecret
{
    private static readonly string[] _columns = ["name", "can", "sender", "id", "secret"];

    public static void Show(Screen screen, ApiKey key, string secret, OutputFormat format)
    {
        var row = JsonSerializer.SerializeToUtf8Bytes(new
        {
            name = key.Name,
            can = ApiKeys.NameOf(key.Scope),
            sender = key.Sender.ToString(),
            id = key.Secrets[0].Id,
            secret,
        });
        if (RowOutput.TryWrite(screen, format, _columns, [row]))
        {
            return;
        }

        screen.Out.WriteLine(secret);
        screen.Say("It is stored nowhere: keep it now. A server that runs knows it within five seconds.");
    }
}

using System.Text.Json;
using Bitacora.Server;

namespace Bitacora.Cli.Showing;

/// <summary>Shows a secret, this once: alone on standard output, so that a script can take it.</summary>
internal static class NewSecret
{
    public static void Show(Screen screen, ApiKey key, string secret, bool asJson)
    {
        if (asJson)
        {
            screen.Out.WriteLine(JsonSerializer.Serialize(new
            {
                name = key.Name,
                can = ApiKeys.NameOf(key.Scope),
                sender = key.Sender.ToString(),
                id = key.Secrets[0].Id,
                secret,
            }));
            return;
        }

        screen.Out.WriteLine(secret);
        screen.Say("It is stored nowhere: keep it now. A server that runs knows it within five seconds.");
    }
}

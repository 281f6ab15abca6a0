using System.CommandLine;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Records;
using Bitacora.Server;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora keys list</c>: which keys there are, without their secrets.</summary>
internal sealed class KeysListCommand : CliCommand
{
    private static readonly string[] _columns = ["name", "can", "sender", "secret", "created", "last_used", "revoked"];

    private readonly FormatOption _format = new();
    private readonly StateOptions _state = new();

    public KeysListCommand(Screen screen)
        : base(
            "list",
            "Show the API keys, one line a valid secret: what they can do, when they were made and last used. Never the secrets.",
            screen,
            new Example("keys list", "of the local data directory"),
            new Example("keys list --format json | jq -r 'select(.last_used == null).name'", "who never came"))
    {
        _format.AddTo(this);
        _state.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = _format.Read(parsed);
        await using var state = await _state.OpenAsync(parsed, StateUse.Read, Screen, cancellationToken);
        var keys = await new ApiKeys(state.Store, Screen.Clock).ListAsync(cancellationToken);
        var rows = keys.SelectMany(key => key.Secrets.Count == 0
            ? [(key, null)]
            : key.Secrets.Select(secret => (key, (ApiKeySecret?)secret))).ToList();
        if (!RowOutput.TryWrite(Screen, format, _columns, rows.Select(Json)))
        {
            Show(rows);
        }

        return ExitCode.Done;
    }

    private static byte[] Json((ApiKey Key, ApiKeySecret? Secret) row) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        name = row.Key.Name,
        can = ApiKeys.NameOf(row.Key.Scope),
        sender = row.Key.Sender.ToString(),
        secret = row.Secret?.Id,
        created = Text(row.Secret?.Created ?? row.Key.Created),
        last_used = Text(row.Secret?.LastUsed),
        revoked = Text(row.Key.Revoked),
    });

    private void Show(List<(ApiKey Key, ApiKeySecret? Secret)> rows)
    {
        if (rows.Count == 0)
        {
            Screen.Say("There are no keys: whoever reaches the server reads and writes. `bitacora keys create` makes one.");
            return;
        }

        var table = new TextTable(["NAME", "CAN", "SECRET", "CREATED", "LAST USED", "STATE"], [false, false, false, false, false, false]);
        foreach (var (key, secret) in rows)
        {
            table.Add(
                key.Name, ApiKeys.NameOf(key.Scope), secret?.Id ?? "", Local(secret?.Created ?? key.Created),
                secret?.LastUsed is { } used ? Local(used) : "", key.Revoked is { } revoked ? $"revoked {Local(revoked)}" : "valid");
        }

        table.Write(Screen.Out, Screen.OutColours, Screen.Width);
    }

    private string Local(DateTimeOffset time) => LocalTime.Short(time, Screen.Zone);

    private static string? Text(DateTimeOffset? time) => time is { } at ? RecordTime.Format(RecordTime.From(at)) : null;
}

using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora senders</c>: who sends, what they dropped, and who was refused.</summary>
internal sealed class SendersCommand : CliCommand
{
    private static readonly string[] _columns =
    [
        "name", "state", "key", "host", "process", "client", "address", "requests", "records", "rejected", "first_seen", "last_seen",
        "says", "reason", "wanted",
    ];

    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();

    public SendersCommand(Screen screen)
        : base(
            "senders",
            "Show who sends to a server: how much, what they say they dropped and why, how long their oldest record has waited, when they "
                + "came last. Marks those that drop or fell silent, and lists who was refused. A server knows what came to it since it "
                + "began, for a day.",
            screen,
            new Example("senders", "of the local server"),
            new Example("senders --format json | jq 'select(.state == \"drops\")'", "for programs"))
    {
        _format.AddTo(this);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = _format.Read(parsed);
        using var client = await new TargetResolver(Screen).ServerAsync(
            await _target.ReadAsync(parsed, Screen, cancellationToken), "and only a running server knows who sends to it.",
            cancellationToken);
        var answer = await client.GetJsonAsync("api/senders", cancellationToken);
        var senders = answer.GetProperty("senders").EnumerateArray().ToList();
        var refused = answer.GetProperty("refused").EnumerateArray().ToList();
        if (!RowOutput.TryWrite(
            Screen, format, _columns,
            [.. senders.Select(sender => Encoding.UTF8.GetBytes(sender.GetRawText())), .. refused.Select(Refused)]))
        {
            Show(senders);
            ShowRefused(refused);
        }

        return ExitCode.Done;
    }

    // Beside the senders a row is known by its state.
    private static byte[] Refused(JsonElement caller)
    {
        var row = JsonNode.Parse(caller.GetRawText())!.AsObject();
        row.Insert(0, "state", "refused");
        return JsonSerializer.SerializeToUtf8Bytes(row);
    }

    private void Show(List<JsonElement> senders)
    {
        if (senders.Count == 0)
        {
            Screen.Say("Nobody has sent anything to this server since it began.");
            return;
        }

        var table = new TextTable(
            ["STATE", "NAME", "HOST", "RECORDS", "DROPPED", "OLDEST", "LAST SEEN", "KEY", "LAST ERROR"],
            [false, false, false, true, true, true, false, false, false]);
        foreach (var sender in senders)
        {
            var says = sender.TryGetProperty("says", out var said) ? said : default;
            var process = JsonText.Of(sender, "process") is { } id ? $" {id}" : "";
            table.Add(
                Cell(sender, "state"), Cell(sender, "name"), SafeText.Escape($"{JsonText.Of(sender, "host")}{process}"),
                Counted(sender, "records"), Drops(says), Oldest(says), Local(sender, "last_seen"), Cell(sender, "key"),
                Cell(says, "last_error"));
        }

        table.Write(Screen.Out, Screen.OutColours, Screen.Width);
    }

    private void ShowRefused(List<JsonElement> refused)
    {
        if (refused.Count == 0)
        {
            return;
        }

        Screen.Out.WriteLine();
        Screen.Out.WriteLine(Screen.OutColours.Red("Refused; most that may not ingest lose their records without a word:"));
        var table = new TextTable(
            ["REASON", "WANTED TO", "ADDRESS", "KEY", "REQUESTS", "LAST SEEN", "CLIENT"],
            [false, false, false, false, true, false, false]);
        foreach (var caller in refused)
        {
            table.Add(
                Cell(caller, "reason"), Cell(caller, "wanted"), Cell(caller, "address"), Cell(caller, "key"), Counted(caller, "requests"),
                Local(caller, "last_seen"), Cell(caller, "client"));
        }

        table.Write(Screen.Out, Screen.OutColours, Screen.Width);
    }

    private static string Drops(JsonElement says)
    {
        if (says.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        var reasons = says.GetProperty("drops").EnumerateObject().Select(drop => $"{drop.Name} {drop.Value.GetRawText()}").ToList();
        return SafeText.Escape($"{Cell(says, "dropped")}{(reasons.Count == 0 ? "" : $" ({string.Join(", ", reasons)})")}");
    }

    private static string Oldest(JsonElement says) => Cell(says, "oldest_seconds") is { Length: > 0 } seconds ? $"{seconds} s" : "";

    private string Local(JsonElement row, string name) =>
        LocalTime.TryRead(JsonText.Of(row, name), out var time) ? LocalTime.Short(time, Screen.Zone) : "";

    private static string Counted(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.TryGetInt64(out var count) ? Numbers.Count(count) : Cell(row, name);

    private static string Cell(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object ? SafeText.Escape(JsonText.Of(row, name) ?? "") : "";
}

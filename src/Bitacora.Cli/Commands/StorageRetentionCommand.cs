using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;
using Bitacora.Client;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora storage retention</c>: deletes what is wholly older than an age.</summary>
internal sealed class StorageRetentionCommand : CliCommand
{
    private readonly Option<string> _olderThan = new("--older-than")
    {
        Description = "The age, such as 30d. A file goes when all of it is older.",
        HelpName = "DURATION",
        Required = true,
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would be deleted." };
    private readonly FormatOption _format = new();
    private readonly TargetOptions _target = new();

    public StorageRetentionCommand(Screen screen)
        : base(
            "retention",
            "Delete what is older than an age, now. Whole files go, when all of a file is older; `serve --retention` does it by itself.",
            screen,
            new Example("storage retention --older-than 30d --dry-run", "what would go"),
            new Example("storage retention --older-than 30d", "delete it"))
    {
        _olderThan.CompletionSources.Add("7d", "30d", "90d", "365d");
        Add(_olderThan);
        Add(_dryRun);
        _format.AddTo(this);
        _target.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dryRun = parsed.GetValue(_dryRun);
        var age = parsed.GetRequiredValue(_olderThan);
        await using var session = await new TargetResolver(Screen)
            .OpenAsync(await _target.ReadAsync(parsed, Screen, cancellationToken), create: false, cancellationToken);
        var report = await DeleteAsync(session.Client, age, dryRun, cancellationToken);
        var files = report.GetProperty("files").EnumerateArray().Select(file => file.GetString() ?? "").ToList();
        switch (_format.Read(parsed))
        {
            case OutputFormat.Json:
                Screen.Out.WriteLine(report.GetRawText());
                break;
            case OutputFormat.Csv:
                Screen.Out.Write(string.Concat(files.Prepend("file").Select(file => file + "\r\n")));
                break;
            default:
                files.ForEach(file => Screen.Out.WriteLine(SafeText.Escape(file)));
                break;
        }

        var records = long.Parse(JsonText.Of(report, "records") ?? "0", CultureInfo.InvariantCulture);
        var bytes = long.Parse(JsonText.Of(report, "bytes") ?? "0", CultureInfo.InvariantCulture);
        var what = $"{Numbers.Count(files.Count, "file")} with {Numbers.Count(records, "record")}, {Numbers.Size(bytes)}";
        Screen.Say(files.Count == 0
            ? $"No file is wholly older than {age}."
            : dryRun ? $"Would delete {what}." : $"Deleted {what}.");
        return ExitCode.Done;
    }

    private static async Task<JsonElement> DeleteAsync(BitacoraClient client, string age, bool dryRun, CancellationToken cancellationToken)
    {
        try
        {
            return await client.PostAsync(
                $"api/storage/retention?older_than={Uri.EscapeDataString(age)}&dry_run={(dryRun ? "true" : "false")}", cancellationToken);
        }
        catch (ServerRefusedException e) when (e.Code == "bad_parameter")
        {
            throw new CommandException(
                $"'{age}' is no --older-than.", "Write a duration of at least 1h, such as 90d.", ExitCode.WrongUsage);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Client;

namespace Bitacora.Cli.Storing;

/// <summary>
/// Reads every field of every record through the store, file by file in time, and compares with the counts that the store keeps. It has
/// the store read what it keeps beside them. What the write-ahead log lost was found when it was opened; it is told here as well.
/// </summary>
internal sealed class Verification(Screen screen, BitacoraClient client)
{
    // The one reason of a partial answer that speaks of a file and not of the search.
    private const string UnreadableFile = "unreadable-file";

    private readonly List<string> _damages = [];
    private readonly List<string> _unread = [];
    private long _read;

    public async Task<int> RunAsync(OutputFormat format, CancellationToken cancellationToken)
    {
        var before = await client.GetJsonAsync("api/stats?verify=true", cancellationToken);
        var status = new StatusReport(screen, before);
        if (status.IsOnCluster)
        {
            throw new CommandException(
                "`storage verify` reads the files of one machine; this store is on a cluster.",
                "Cassandra checks what it reads; `nodetool verify` reads a node's files, `nodetool repair` compares its replicas.",
                ExitCode.WrongUsage);
        }

        CheckLog(before);
        _damages.AddRange(status.Problems());
        await ReadAllAsync(Records(before), cancellationToken);
        var after = await client.GetJsonAsync("api/stats", cancellationToken);

        // While it read, records may have come and retention may have deleted some; only less than there always was is a loss.
        var least = Math.Min(Records(before), Records(after));
        if (_read < least)
        {
            (_unread.Count == 0 ? _damages : _unread).Add(
                $"{Numbers.Count(least, "record")} should be there and only {Numbers.Count(_read)} could be read");
        }

        Write(format);
        return Conclude();
    }

    private void Write(OutputFormat format)
    {
        var rows = _damages.Distinct().Select(damage => Row("damaged", damage))
            .Concat(_unread.Distinct().Select(reason => Row("not_read", reason)));
        if (RowOutput.TryWrite(screen, format, ["state", "problem"], rows))
        {
            return;
        }

        foreach (var damage in _damages.Distinct())
        {
            screen.Out.WriteLine($"{screen.OutColours.Red("damaged:")} {SafeText.Escape(damage)}");
        }

        foreach (var reason in _unread.Distinct())
        {
            screen.Out.WriteLine($"{screen.OutColours.Yellow("not read:")} {SafeText.Escape(reason)}");
        }
    }

    private static byte[] Row(string state, string problem) => JsonSerializer.SerializeToUtf8Bytes(new { state, problem });

    private int Conclude()
    {
        var read = Numbers.Count(_read, "record");
        if (_damages.Count > 0)
        {
            screen.Say($"{Numbers.Count(_damages.Distinct().Count(), "damage")} found; {read} could be read.");
            return ExitCode.Failed;
        }

        screen.Say(_unread.Count == 0 ? $"Sound: {read} read." : $"No damage found, but not everything could be read: {read}.");
        return _unread.Count == 0 ? ExitCode.Done : ExitCode.Partial;
    }

    private void CheckLog(JsonElement stats)
    {
        if (!stats.TryGetProperty("wal", out var wal) || !wal.TryGetProperty("recovery", out var recovery))
        {
            return;
        }

        foreach (var loss in recovery.GetProperty("lost").EnumerateArray())
        {
            _damages.Add(
                $"the write-ahead log's {JsonText.Of(loss, "file")} at {JsonText.Of(loss, "offset")}: {JsonText.Of(loss, "bytes")} bytes, "
                + JsonText.Of(loss, "reason"));
        }
    }

    private async Task ReadAllAsync(long records, CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var request = new SearchRequest { From = "1970-01-01", To = "9999-12-31", Limit = 10_000, Cursor = cursor };
            cursor = null;
            await foreach (var part in client.SearchAsync(request, cancellationToken))
            {
                if (part is SearchRow)
                {
                    _read++;
                }
                else if (part is SearchEnd end)
                {
                    AddReasons(end);
                    cursor = end.Cursor;
                }
            }

            Tell(records);
        }
        while (cursor is not null);
        if (screen.ErrorIsTerminal)
        {
            screen.Error.Write("\r\e[K");
        }
    }

    /// <summary>A deadline, or too little memory, says nothing about what is on the disk.</summary>
    private void AddReasons(SearchEnd end)
    {
        using var json = JsonDocument.Parse(end.Json);
        foreach (var reason in json.RootElement.GetProperty("answer").GetProperty("reasons").EnumerateArray())
        {
            (JsonText.Of(reason, "code") == UnreadableFile ? _damages : _unread).Add(JsonText.Of(reason, "text") ?? "");
        }
    }

    private void Tell(long records)
    {
        if (screen.ErrorIsTerminal)
        {
            var part = records == 0 ? 1 : Math.Min(1, (double)_read / records);
            var percent = (part * 100).ToString("0", CultureInfo.InvariantCulture);
            screen.Error.Write($"\r{percent} %  {Numbers.Count(_read)} of {Numbers.Count(records)}\e[K");
        }
    }

    private static long Records(JsonElement stats) => stats.GetProperty("store").GetProperty("records").GetInt64();
}

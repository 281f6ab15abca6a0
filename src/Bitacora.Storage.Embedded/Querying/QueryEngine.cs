using System.Collections.Immutable;
using System.Globalization;
using Bitacora.Query;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// Answers queries: takes one look at memory and files, reads both, merges. DuckDB's calls block, so a query has a pool thread while it
/// runs; how many do is limited. Safe from any thread.
/// </summary>
internal sealed class QueryEngine(EngineDatabase engine, FileCatalogue files, UnsealedRows unsealed, int concurrent, TimeProvider time)
    : IDisposable
{
    private readonly QueryPlaces _places = new(concurrent, time);

    /// <exception cref="QueryBusyException">No place within the deadline.</exception>
    public async Task<IReadOnlyList<AnswerPart>> AnswerAsync(LogQuery query, QueryOptions options, CancellationToken cancellationToken)
    {
        using var place = await _places.TakeAsync(options.Deadline, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Answer(query, options, place.Token, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The time of the newest record; null for an empty store.</summary>
    public long? NewestTime() => new NewestTime(unsealed.Snapshot()).OfAll();

    /// <summary>Lets queries end and none begin until disposed; see <see cref="QueryPlaces.HoldAsync"/>.</summary>
    public Task<IDisposable> HoldAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        _places.HoldAsync(patience, cancellationToken);

    /// <summary>Takes every free place until disposed; for tests.</summary>
    public IDisposable Hold() => _places.Hold();

    public void Dispose() => _places.Dispose();

    private List<AnswerPart> Answer(LogQuery query, QueryOptions options, CancellationToken stop, CancellationToken reader)
    {
        var view = unsealed.Snapshot();
        using var session = new QuerySession(engine, stop);
        using var run = new QueryRun(query, FileScan.Choose(view.Files, query), session, time);
        NameUnreadable(run);
        var parts = new List<AnswerPart>();
        var notes = new List<QueryNote>(query.Notes);
        IReadOnlyList<string> approximate = [];
        long? newestBefore = null;
        try
        {
            Read(run, view.Buffers);
        }
        catch (OperationCanceledException) when (!reader.IsCancellationRequested)
        {
            run.AddReason(
                "deadline",
                $"The deadline of {Seconds(options.Deadline)} s passed before everything was read; narrow the range or the query.");
        }

        try
        {
            notes.AddRange(UnknownFields(run, view));
            parts.AddRange(Rows(run, notes, out approximate));
            newestBefore = query.Aggregate is null && parts.Count == 0 ? new NewestTime(view).Before(query.Range.From, run) : null;
        }
        catch (OperationCanceledException) when (!reader.IsCancellationRequested)
        {
            run.AddReason("deadline", $"The deadline of {Seconds(options.Deadline)} s passed before the rows found were read.");
        }

        reader.ThrowIfCancellationRequested();
        parts.Add(new AnswerEnd(
            new Completeness([.. run.Reasons]),
            run.Evaluation.Rows?.NextPage(),
            notes,
            query.Range,
            options.Explain ? run.Trace.ToExplanation(run.Files) : null)
        {
            ApproximateColumns = approximate,
            NewestBefore = newestBefore,
        });
        return parts;
    }

    private static void Read(QueryRun run, ImmutableArray<ReadOnlyMemory<MemTableEntry>> buffers)
    {
        run.Session.Token.ThrowIfCancellationRequested();
        var started = run.Trace.Start();
        var scan = new MemTableScan(run.Query, run.Evaluation);
        scan.Run(buffers, run.Session.Token);
        run.Trace.RowsRead += scan.Rows;
        run.Trace.Step("memtable", started, string.Create(CultureInfo.InvariantCulture, $"{scan.Rows} rows"));
        if (run.Query.Aggregate is not null)
        {
            new GroupReader(run).Read();
            foreach (var reason in run.Evaluation.Groups!.Completeness.Reasons)
            {
                run.AddReason(reason.Code, reason.Text);
            }
        }
        else if (run.Evaluation.Sorted is not null)
        {
            new SortReader(run).Read();
        }
        else
        {
            new PageReader(run).Read();
        }
    }

    private static IEnumerable<AnswerPart> Rows(QueryRun run, List<QueryNote> notes, out IReadOnlyList<string> approximate)
    {
        approximate = [];
        if (run.Evaluation.Groups is { } groups)
        {
            var table = groups.ToTable();
            notes.AddRange(table.Notes);
            approximate = table.ApproximateColumns;
            return table.Rows.Select(row => new AnswerGroup(table.Columns, row));
        }

        notes.AddRange(run.Evaluation.Sorted?.Notes ?? []);
        var rows = run.Evaluation.Sorted?.ToRows() ?? run.Evaluation.Rows!.ToPage();
        return new RowFetcher(run).Fetch(rows).Select(record => new AnswerRecord(record));
    }

    /// <summary>The note about each attribute that no record in range has, with the count of records that hold the term as text.</summary>
    private List<QueryNote> UnknownFields(QueryRun run, StoreView view)
    {
        var notes = new List<QueryNote>();
        if (run.Evaluation.Fields.IsSettled || run.Reasons.Count > 0)
        {
            return notes;
        }

        new FieldNotes(run).Read();
        foreach (var term in run.Evaluation.Fields.Missing)
        {
            var query = FieldWitness.CountOfText(run.Query, term);
            using var count = new QueryRun(query, FileScan.Choose(view.Files, query), run.Session, time);
            Read(count, view.Buffers);
            var text = count.Evaluation.Groups!.ToTable().Rows[0][0];
            notes.Add(UnknownFieldNote.Of(term, count.Reasons.Count > 0 ? null : (long?)text));
        }

        return notes;
    }

    private void NameUnreadable(QueryRun run)
    {
        var range = run.Query.Range;
        foreach (var file in files.Unreadable)
        {
            if (file.Key.Start < range.To && file.Key.End > range.From)
            {
                run.AddReason(QueryRun.UnreadableFile, DayFile.CannotBeRead(file.Key, file.Reason));
            }
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// Answers queries: takes one look at what is in memory, reads what may match from the cluster, merges. How many run at once is limited.
/// Safe from any thread.
/// </summary>
internal sealed class QueryEngine(
    CassandraStoreOptions options, ClusterConnection connection, Gatherer gatherer, string writer, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan NotesPatience = TimeSpan.FromSeconds(5);

    private readonly QueryPlaces _places = new(options.ConcurrentQueries, clock);

    /// <summary>How many records wait before this store.</summary>
    public Func<long> WaitingBefore { get; set; } = () => 0;

    /// <summary>Now by the cluster's clock, as far as it is known: what write timestamps are of.</summary>
    public long ClusterNow => RecordTime.Now(clock) + (connection.Current?.ClockOffset ?? TimeSpan.Zero).Ticks;

    /// <exception cref="QueryBusyException">No place within the deadline.</exception>
    public async Task<IReadOnlyList<AnswerPart>> AnswerAsync(LogQuery query, QueryOptions asked, CancellationToken cancellationToken)
    {
        using var place = await _places.TakeAsync(
            asked.Deadline < options.QueryDeadline ? asked.Deadline : options.QueryDeadline, cancellationToken).ConfigureAwait(false);
        if (connection is { Current: null, Fault: { } fault })
        {
            return [Nothing(query, Completeness.Partial("cluster-away", $"The cluster cannot be reached: {fault}"))];
        }

        QueryRun run;
        try
        {
            run = await BeginAsync(query, place.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Nothing(query, Completeness.Partial("deadline", DeadlineText(place)))];
        }

        var parts = new List<AnswerPart>();
        var notes = new List<QueryNote>(query.Notes);
        long? newestBefore = null;
        IReadOnlyList<string> approximate = [];
        try
        {
            await ReadAsync(run).ConfigureAwait(false);
            notes.AddRange(await UnknownFieldsAsync(run).ConfigureAwait(false));
            approximate = Rows(run, parts, notes);
            newestBefore = query.Aggregate is null && parts.Count == 0
                ? await NewestBeforeAsync(run).ConfigureAwait(false)
                : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            run.AddReason("deadline", DeadlineText(place));
            if (parts.Count == 0)
            {
                approximate = Rows(run, parts, notes);
            }
        }
        catch (CqlException e)
        {
            run.AddReason("unreadable-partition", $"The cluster could not be asked: {e.Message}");
            if (parts.Count == 0)
            {
                approximate = Rows(run, parts, notes);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        SayConsistency(notes);
        SayWaiting(run);
        parts.Add(new AnswerEnd(
            new Completeness(run.Reasons), run.Evaluation.Rows?.NextPage(), notes, query.Range,
            asked.Explain ? run.Trace.ToExplanation() : null)
        {
            ApproximateColumns = approximate,
            NewestBefore = newestBefore,
        });
        return parts;
    }

    /// <summary>Looks into memory, then waits for the cluster.</summary>
    public async Task<QueryRun> BeginAsync(LogQuery query, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var pending = gatherer.Snapshot();
        var link = await connection.LinkAsync(token).ConfigureAwait(false);
        return new QueryRun(query, link, pending, writer, options.ConcurrentReads, clock, token);
    }

    public void Dispose() => _places.Dispose();

    private static AnswerEnd Nothing(LogQuery query, Completeness why) => new(why, null, query.Notes, query.Range, null);

    private static async Task ReadAsync(QueryRun run)
    {
        var started = run.Trace.Start();
        foreach (var batch in run.Pending.Batches)
        {
            foreach (var record in batch)
            {
                Evaluations.Show(run.Evaluation, run.Query, record, counted: null);
            }

            run.Trace.Rows(batch.Count);
        }

        run.Trace.Step("memory", started, $"{run.Pending.Batches.Length} batches");
        if (run.Query.Aggregate is not null)
        {
            var scan = new Scan(run);
            await (CountReader.For(run) is { } counts ? scan.ReadAsync(counts.ReadAsync) : scan.ReadRowsAsync()).ConfigureAwait(false);
            foreach (var reason in run.Evaluation.Groups!.Completeness.Reasons)
            {
                run.AddReason(reason.Code, reason.Text);
            }
        }
        else if (run.Evaluation.Sorted is not null)
        {
            await new Scan(run).ReadRowsAsync().ConfigureAwait(false);
        }
        else
        {
            await new PageReader(run).ReadAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The notes about attributes that no record in range has. An answer does not wait long for its notes.</summary>
    private static async Task<List<QueryNote>> UnknownFieldsAsync(QueryRun run)
    {
        var notes = new List<QueryNote>();
        if (run.Evaluation.Fields.IsSettled || run.Reasons.Count > 0)
        {
            return notes;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(run.Token);
        patience.CancelAfter(NotesPatience);
        try
        {
            var asking = run.For(run.Query, patience.Token);
            asking.Evaluation.Fields.Merge(run.Evaluation.Fields);
            await new FieldNotes(asking).ReadAsync().ConfigureAwait(false);
            foreach (var term in asking.Reasons.Count == 0 ? asking.Evaluation.Fields.Missing : [])
            {
                notes.Add(UnknownFieldNote.Of(term, await CountOfTextAsync(run, term, patience.Token).ConfigureAwait(false)));
            }
        }
        catch (OperationCanceledException) when (!run.Token.IsCancellationRequested)
        {
            // Too many records to be sure in time: no note.
        }

        return notes;
    }

    /// <summary>Records in range that hold the term as text; null where that takes too long.</summary>
    private static async Task<long?> CountOfTextAsync(QueryRun run, AttributeTerm term, CancellationToken token)
    {
        var count = run.For(FieldWitness.CountOfText(run.Query, term), token);
        try
        {
            await ReadAsync(count).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!run.Token.IsCancellationRequested)
        {
            return null;
        }

        return count.Reasons.Count > 0 ? null : (long?)count.Evaluation.Groups!.ToTable().Rows[0][0];
    }

    private static async Task<long?> NewestBeforeAsync(QueryRun run)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(run.Token);
        patience.CancelAfter(NotesPatience);
        try
        {
            return await new TimeBounds(run.For(run.Query, patience.Token)).NewestBeforeAsync(run.Query.Range.From).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!run.Token.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Rows(QueryRun run, List<AnswerPart> parts, List<QueryNote> notes)
    {
        if (run.Evaluation.Groups is { } groups)
        {
            var table = groups.ToTable();
            notes.AddRange(table.Notes);
            parts.AddRange(table.Rows.Select(row => new AnswerGroup(table.Columns, row)));
            return table.ApproximateColumns;
        }

        notes.AddRange(run.Evaluation.Sorted?.Notes ?? []);
        if (run.Evaluation.Sorted is { IsTooLarge: true } sorted)
        {
            var (code, text) = IncompleteReason.AnswerTooLarge(sorted.Count);
            run.AddReason(code, text);
        }

        var rows = run.Evaluation.Sorted?.ToRows() ?? run.Evaluation.Rows!.ToPage();
        parts.AddRange(rows.Select(row => new AnswerRecord(row.Record!)));
        return [];
    }

    private void SayWaiting(QueryRun run)
    {
        if (WaitingBefore() is var waiting and > 0)
        {
            run.AddReason("waiting-in-log", string.Create(
                CultureInfo.InvariantCulture,
                $"{waiting} records wait in this server's write-ahead log until the cluster takes them; the answer lacks them."));
        }
    }

    private void SayConsistency(List<QueryNote> notes)
    {
        if (options.ReadConsistency is Consistency.One or Consistency.LocalOne)
        {
            notes.Add(new QueryNote(
                "one-replica", "One replica of each partition was asked: what a node that was away does not have yet may be missing."));
        }
    }

    private static string DeadlineText(QueryPlaces.Place place) => string.Create(
        CultureInfo.InvariantCulture,
        $"The deadline of {place.Deadline.TotalSeconds:0.###} s passed before everything was read; narrow the range or the query.");
}

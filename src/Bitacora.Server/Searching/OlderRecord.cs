using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Server.Searching;

/// <summary>
/// Says, under an empty first page, where the newest older record is that the query takes: a file of last year is the usual reason why
/// somebody finds nothing.
/// </summary>
internal sealed class OlderRecord(ILogStore store)
{
    public const string Code = "older-record";

    // The page is empty and waits for this; for a rare word in a large store the range of what is stored must do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The end of the answer, with a note where it is empty.</summary>
    public async ValueTask<AnswerEnd> AddAsync(
        AnswerEnd end, int rows, LogQuery query, QueryContext context, CancellationToken cancellationToken)
    {
        if (rows > 0 || !end.Completeness.IsComplete || !query.IsPaged || query.After is not null || query.Range.IsEmpty)
        {
            return end;
        }

        var older = end.NewestBefore is null ? null : await NewestMatchAsync(query, context, cancellationToken);
        var note = await NoteAsync(older, end.NewestBefore, cancellationToken);
        return end with { NewestBefore = older ?? end.NewestBefore, Notes = [.. end.Notes, note] };
    }

    private async ValueTask<QueryNote> NoteAsync(long? older, long? newestBefore, CancellationToken cancellationToken)
    {
        if (older is { } time)
        {
            var from = RecordTime.Format(time);
            return new QueryNote(Code, $"nothing in this range; the newest older record that matches is of {from}: begin there");
        }

        var status = await store.QuickStatusAsync(cancellationToken);
        if (status.Newest is null && newestBefore is { } before)
        {
            return new QueryNote(
                "no-older-record",
                "nothing in this range, and no older record was found that matches; "
                + $"the newest older one is of {RecordTime.Format(before)}");
        }

        return status is { Oldest: { } oldest, Newest: { } newest }
            ? new QueryNote(
                "no-older-record",
                "nothing in this range, and no older record was found that matches; "
                + $"what is stored lies between {RecordTime.Format(oldest)} and {RecordTime.Format(newest)}")
            : new QueryNote("empty-store", "nothing is stored yet");
    }

    private async ValueTask<long?> NewestMatchAsync(LogQuery query, QueryContext context, CancellationToken cancellationToken)
    {
        try
        {
            var before = QueryParser.Parse(query.Text, context with
            {
                Last = null,
                From = null,
                To = null,
                FromTicks = 0,
                ToTicks = query.Range.From,
                PageSize = 1,
            });
            await foreach (var part in store.QueryAsync(before, new QueryOptions { Deadline = Patience }, cancellationToken))
            {
                return part is AnswerRecord row ? row.Record.Time : null;
            }
        }
        catch (QueryBusyException)
        {
        }

        return null;
    }
}

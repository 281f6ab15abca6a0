using System.Runtime.CompilerServices;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>The stored records since a time that a filter takes, oldest first: where a live tail begins.</summary>
internal sealed class PastRecords(QueryEngine queries, LogQuery query, long from)
{
    public async IAsyncEnumerable<LogRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var past = query;
        foreach (var part in await queries.AnswerAsync(past, QueryOptions.Default, cancellationToken).ConfigureAwait(false))
        {
            if (part is AnswerRecord row && row.Record.Time >= from)
            {
                yield return row.Record;
            }
        }
    }
}

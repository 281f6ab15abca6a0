using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Testing.Storage;

/// <summary>An answer, gathered to its end.</summary>
public sealed record WholeAnswer(IReadOnlyList<LogRecord> Records, IReadOnlyList<AnswerGroup> Groups, AnswerEnd End)
{
    /// <summary>Asks a store and gathers its answer, which must end with its end and nothing behind it.</summary>
    public static async Task<WholeAnswer> OfAsync(
        ILogStore store, LogQuery query, QueryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var records = new List<LogRecord>();
        var groups = new List<AnswerGroup>();
        AnswerEnd? end = null;
        await foreach (var part in store.QueryAsync(query, options ?? QueryOptions.Default, cancellationToken))
        {
            end.ShouldBeNull("a part behind the end");
            switch (part)
            {
                case AnswerRecord row:
                    records.Add(row.Record);
                    break;
                case AnswerGroup group:
                    groups.Add(group);
                    break;
                case AnswerEnd last:
                    end = last;
                    break;
            }
        }

        return new WholeAnswer(records, groups, end.ShouldNotBeNull());
    }
}

using Bitacora.Query;
using Bitacora.Storage;

namespace Bitacora.Cli.Alerting;

/// <summary>For an engine that is not asked to judge.</summary>
internal static class NoRecords
{
    public static IAsyncEnumerable<AnswerPart> QueryAsync(
        LogQuery query, QueryOptions options, CancellationToken cancellationToken) => AsyncEnumerable.Empty<AnswerPart>();
}

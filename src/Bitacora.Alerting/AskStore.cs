using Bitacora.Query;
using Bitacora.Storage;

namespace Bitacora.Alerting;

/// <summary>Answers a query, as <see cref="ILogStore.QueryAsync"/> does: a store, or a server that has one.</summary>
/// <param name="query">The query.</param>
/// <param name="options">How it is to be answered.</param>
/// <param name="cancellationToken">Gives up.</param>
public delegate IAsyncEnumerable<AnswerPart> AskStore(LogQuery query, QueryOptions options, CancellationToken cancellationToken);

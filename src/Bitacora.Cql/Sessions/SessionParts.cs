using Bitacora.Cql.Connections;
using Microsoft.Extensions.Logging;

namespace Bitacora.Cql.Sessions;

/// <summary>What the parts of one session share.</summary>
internal sealed record SessionParts(
    CqlOptions Options, ConnectionOpener Opener, ConnectionSweeper Sweeper, StatementPreparer Preparer, AvailabilitySignal Availability,
    ILogger Logger);

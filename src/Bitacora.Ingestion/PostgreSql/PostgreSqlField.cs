namespace Bitacora.Ingestion.PostgreSql;

/// <summary>What PostgreSQL says in its logs. The first of them are the columns of csvlog, in their order.</summary>
internal enum PostgreSqlField : byte
{
    Time,
    User,
    Database,
    Process,

    /// <summary>The client's address with its port: <c>192.0.2.1:4711</c> in csvlog, <c>192.0.2.1(4711)</c> by <c>%r</c>.</summary>
    Connection,
    Session,
    LineNumber,
    CommandTag,
    SessionStart,
    VirtualTransaction,
    Transaction,
    Severity,
    SqlState,
    Message,
    Detail,
    Hint,
    InternalQuery,
    InternalPosition,
    Context,
    Query,
    CursorPosition,
    Location,
    Application,
    BackendType,
    LeaderProcess,
    QueryId,

    /// <summary>The client's address without a port.</summary>
    Client,
    ClientPort,

    /// <summary>The server's own address in this connection.</summary>
    LocalAddress,

    /// <summary>The three of which jsonlog makes up a location.</summary>
    FunctionName,
    FileName,
    FileLine,
    Count,
}

namespace Bitacora.Cql;

/// <summary>What a server calls its errors. A server may send others; they keep their number.</summary>
public enum CqlErrorCode
{
    /// <summary>A fault inside the server.</summary>
    ServerError = 0x0000,

    /// <summary>The server did not understand the client.</summary>
    Protocol = 0x000A,

    /// <summary>User or password are wrong.</summary>
    Authentication = 0x0100,

    /// <summary>Fewer replicas are alive than the consistency needs. Not executed.</summary>
    Unavailable = 0x1000,

    /// <summary>The coordinator has too much to do. Not executed.</summary>
    Overloaded = 0x1001,

    /// <summary>The coordinator is still starting. Not executed.</summary>
    Bootstrapping = 0x1002,

    /// <summary>A table could not be truncated.</summary>
    Truncate = 0x1003,

    /// <summary>Too few replicas confirmed a write in time. It may have been stored.</summary>
    WriteTimeout = 0x1100,

    /// <summary>Too few replicas answered a read in time.</summary>
    ReadTimeout = 0x1200,

    /// <summary>A replica failed to read.</summary>
    ReadFailure = 0x1300,

    /// <summary>A function of the query failed.</summary>
    FunctionFailure = 0x1400,

    /// <summary>A replica failed to write.</summary>
    WriteFailure = 0x1500,

    /// <summary>The space for change data capture is full.</summary>
    CdcWriteFailure = 0x1600,

    /// <summary>Nobody knows whether a lightweight transaction was applied.</summary>
    CasWriteUnknown = 0x1700,

    /// <summary>The query cannot be parsed.</summary>
    Syntax = 0x2000,

    /// <summary>The user may not do this.</summary>
    Unauthorized = 0x2100,

    /// <summary>The query is wrong, or something in it is too large.</summary>
    Invalid = 0x2200,

    /// <summary>The query is wrong because of a configuration.</summary>
    Configuration = 0x2300,

    /// <summary>The keyspace or table exists.</summary>
    AlreadyExists = 0x2400,

    /// <summary>The server does not know the prepared statement. The client handles it.</summary>
    Unprepared = 0x2500,
}

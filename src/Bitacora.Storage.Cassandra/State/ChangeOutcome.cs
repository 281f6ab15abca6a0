namespace Bitacora.Storage.Cassandra.State;

/// <summary>What a look at a key tells of a change whose answer did not come.</summary>
internal enum ChangeOutcome
{
    /// <summary>The version is still the one that was read.</summary>
    Pending,

    /// <summary>The next version has our value.</summary>
    Made,

    /// <summary>The next version has another's value.</summary>
    Refused,

    /// <summary>Others have changed it since, whether ours came before or not.</summary>
    Unknown,
}

namespace Bitacora.Storage.Cassandra;

/// <summary>The schema cannot be made as asked: the message says why, the advice what to do.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="advice">What to do about it.</param>
public sealed class SchemaException(string message, string? advice = null) : Exception(message)
{
    /// <summary>What to do about it.</summary>
    public string? Advice => advice;
}

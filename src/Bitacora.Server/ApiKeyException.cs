namespace Bitacora.Server;

/// <summary>What was asked of a key cannot be done: it does not exist, exists already, or was revoked.</summary>
public sealed class ApiKeyException : Exception
{
    internal ApiKeyException(string message)
        : base(message)
    {
    }
}

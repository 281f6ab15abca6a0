namespace Bitacora.Cql;

/// <summary>User and password, as SASL PLAIN sends them: in clear text, unless TLS is on. Never written into a message or a log.</summary>
/// <param name="User">The role's name.</param>
/// <param name="Password">Its password.</param>
public sealed record CqlCredentials(string User, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"{User} (password not shown)";
}

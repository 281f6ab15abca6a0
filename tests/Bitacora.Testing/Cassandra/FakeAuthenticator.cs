using System.Text;

namespace Bitacora.Testing.Cassandra;

/// <summary>SASL PLAIN, after as many challenges as are given.</summary>
public sealed record FakeAuthenticator(string User, string Password)
{
    public string ClassName { get; init; } = "org.apache.cassandra.auth.PasswordAuthenticator";

    /// <summary>Asked one after the other before the last token is judged.</summary>
    public IReadOnlyList<byte[]> Challenges { get; init; } = [];

    /// <summary>What AUTH_SUCCESS carries; null as Cassandra does.</summary>
    public byte[]? SuccessToken { get; init; }

    internal bool Accepts(byte[]? token) =>
        token is not null && token.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes($"\0{User}\0{Password}"));
}

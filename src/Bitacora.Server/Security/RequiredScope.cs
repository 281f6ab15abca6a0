namespace Bitacora.Server.Security;

/// <summary>What an endpoint asks of a caller; one that says nothing asks for everything.</summary>
internal sealed record RequiredScope(KeyScope Scope)
{
    public static RequiredScope Nothing { get; } = new(KeyScope.None);

    public static RequiredScope Ingest { get; } = new(KeyScope.Ingest);

    public static RequiredScope Read { get; } = new(KeyScope.Read);

    public static RequiredScope Manage { get; } = new(KeyScope.Manage);
}

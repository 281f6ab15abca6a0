namespace Bitacora.Extensions.Logging.Capture;

/// <summary>Categories that need care lest delivery feeds itself.</summary>
internal static class OwnCategories
{
    private static readonly string[] Own =
    [
        "Bitacora.Records", "Bitacora.Delivery", "Bitacora.Client", "Bitacora.Cql", "Bitacora.Storage", "Bitacora.Extensions.Logging",
        "Bitacora.Serilog",
    ];

    /// <summary>The library's own: never recorded.</summary>
    public static bool IsOwn(string category) => category == "Bitacora" || Array.Exists(Own, name => IsWithin(category, name));

    /// <summary>What the library uses, and the application too: not recorded where the library uses it.</summary>
    public static bool MayBeOurs(string category) => IsWithin(category, "System.Net.Http") || IsWithin(category, "System.Net.Security");

    private static bool IsWithin(string category, string name) => category.StartsWith(name, StringComparison.Ordinal)
        && (category.Length == name.Length || category[name.Length] == '.');
}

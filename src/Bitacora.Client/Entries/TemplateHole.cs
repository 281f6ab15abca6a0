using System.Text;

namespace Bitacora.Client.Entries;

/// <summary>A hole of a message template: <c>{Name,Width:Format}</c>.</summary>
/// <param name="Name">Its name, as written.</param>
/// <param name="Width">At least so many characters; negative: the value stands left.</param>
/// <param name="Format">The format, or null.</param>
internal sealed record TemplateHole(string Name, int Width, string? Format)
{
    /// <summary>
    /// The name as records bear it: without the sign by which Serilog's users ask for a value's parts (<c>@</c>) or its text (<c>$</c>).
    /// </summary>
    public byte[] AttributeName { get; } = Encoding.UTF8.GetBytes(Name.Length > 1 && Name[0] is '@' or '$' ? Name[1..] : Name);

    public bool IsNamed(string name) => name.Equals(Name, StringComparison.OrdinalIgnoreCase)
        || (Name.Length > 1 && Name[0] == '@' && name.AsSpan().Equals(Name.AsSpan(1), StringComparison.OrdinalIgnoreCase));
}

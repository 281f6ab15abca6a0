using System.Text;

namespace Bitacora.Client.Entries;

/// <summary>
/// The format of the hole that a value fills, found only where it is needed at the call: for types that are not known later.
/// </summary>
internal readonly struct HoleFormat
{
    private readonly string? _template;
    private readonly string? _name;
    private readonly int _index;

    private HoleFormat(string template, string? name, int index) => (_template, _name, _index) = (template, name, index);

    public static HoleFormat At(string template, int index) => new(template, null, index);

    public static HoleFormat Named(string template, string name) => new(template, name, 0);

    /// <summary>Whether it may be the one that gives an enumeration's value as a combination of flags, found out at little cost.</summary>
    public bool MayBeOfFlags => _template is not null && _template.Contains(":F}", StringComparison.OrdinalIgnoreCase);

    public string? Find()
    {
        if (_template is null || !_template.Contains(':', StringComparison.Ordinal))
        {
            return null;
        }

        var name = _name;
        var holes = MessageTemplate.Parse(Encoding.UTF8.GetBytes(_template)).Holes;
        return name is null
            ? _index < holes.Count ? holes[_index].Format : null
            : holes.FirstOrDefault(hole => hole.IsNamed(name))?.Format;
    }
}

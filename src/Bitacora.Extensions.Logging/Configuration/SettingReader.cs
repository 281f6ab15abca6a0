using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Bitacora.Extensions.Logging.Configuration;

/// <summary>
/// Reads settings by name and gathers what is wrong with all of them; the framework's binder stops at the first, ignores names that it
/// does not know, and needs code made at run time.
/// </summary>
internal sealed class SettingReader(IConfiguration section, string path, ICollection<string> faults)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase) { "LogLevel" };

    public void Text(string name, Action<string> set)
    {
        _known.Add(name);
        if (section[name] is { Length: > 0 } text)
        {
            set(text);
        }
    }

    public void Number(string name, Action<int> set) => Parse(
        name, text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? (true, value) : (false, 0), set, "a whole number");

    public void Number(string name, Action<long> set) => Parse(
        name, text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? (true, value) : (false, 0), set, "a whole number");

    public void Truth(string name, Action<bool> set) => Parse(
        name, text => bool.TryParse(text, out var value) ? (true, value) : (false, false), set, "true or false");

    public void Time(string name, Action<TimeSpan> set) => Parse(
        name, text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? (true, value) : (false, default), set,
        "a time such as 00:00:05");

    public void Address(string name, Action<Uri> set) => Parse(
        name, text => Uri.TryCreate(text, UriKind.Absolute, out var value) ? (true, value) : (false, null!), set,
        "an absolute http or https address", isSecret: true);

    public void Choice<T>(string name, Action<T> set)
        where T : struct, Enum => Parse(
        name, text => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? (true, value) : (false, default), set, "one of " + string.Join(", ", Enum.GetNames<T>()));

    /// <summary>A list, in the order of its indexes; it takes the default's place.</summary>
    public void List(string name, Action<IList<string>> set)
    {
        _known.Add(name);
        var items = section.GetSection(name).GetChildren().Where(item => item.Value is not null).Select(item => item.Value!).ToList();
        if (items.Count > 0)
        {
            set(items);
        }
        else if (section[name] is { Length: > 0 } text)
        {
            // One variable of the environment holds them more easily than several.
            set([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]);
        }
    }

    /// <summary>Call it last: names that nobody asked for are misspelt.</summary>
    public void RefuseOthers()
    {
        foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
        {
            faults.Add($"{child.Key} is no setting of {path}; there are {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    private void Parse<T>(string name, Func<string, (bool IsRead, T Value)> parse, Action<T> set, string allowed, bool isSecret = false)
    {
        _known.Add(name);
        if (section[name] is not { Length: > 0 } text)
        {
            return;
        }

        var (isRead, value) = parse(text);
        if (isRead)
        {
            set(value);
        }
        else
        {
            // An address may hold a password.
            faults.Add(isSecret ? $"{name} must be {allowed}." : $"{name} is '{text}'; it must be {allowed}.");
        }
    }
}

using System.Text.Json;

namespace Bitacora.Alerting.Rules;

/// <summary>
/// An object of the configuration whose members are asked for by name. What has the wrong form is a fault and reads as absent; members
/// that nobody asked for are faults too (<see cref="RefuseOthers"/>).
/// </summary>
internal sealed class Section
{
    private readonly Dictionary<string, (int Line, LinedJson Value)> _members = [];
    // Each is made once, or its faults would be told twice.
    private readonly Dictionary<string, Section> _objects = [];
    private readonly List<string> _asked = [];
    private readonly List<AlertFault> _faults;

    public Section(string key, int line, LinedJson json, List<AlertFault> faults)
    {
        (Key, Line, _faults) = (key, line, faults);
        if (json.Kind != JsonValueKind.Object)
        {
            Refuse(line, key, "an object is allowed");
        }

        foreach (var (name, at, value) in json.Members)
        {
            if (!_members.TryAdd(name, (at, value)))
            {
                Refuse(at, $"{key}:{name}", $"stands twice, first on line {_members[name].Line}");
            }
        }
    }

    public string Key { get; }

    public int Line { get; }

    public int LineOf(string name) => _members.TryGetValue(name, out var member) ? member.Line : Line;

    public void Refuse(string name, string problem) => Refuse(LineOf(name), $"{Key}:{name}", problem);

    public void RefuseWhole(string problem) => Refuse(Line, Key, problem);

    public bool Has(string name) => _members.ContainsKey(name);

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { Kind: JsonValueKind.String } value => value.Text,
        _ => Wrong(name, "a text is allowed"),
    };

    public string Required(string name, string allowed)
    {
        if (!Has(name))
        {
            Ask(name);
            Refuse(Line, Key, $"'{name}' is missing: {allowed}");
        }

        return Text(name) ?? "";
    }

    /// <summary>A text that must be there and not be empty.</summary>
    public string RequiredFilled(string name, string allowed)
    {
        var text = Required(name, allowed);
        if (Text(name) is not null && string.IsNullOrWhiteSpace(text))
        {
            Refuse(name, $"it is empty; {allowed} is allowed");
        }

        return text;
    }

    public bool Flag(string name, bool unless) => Find(name) switch
    {
        null => unless,
        { Kind: JsonValueKind.True } => true,
        { Kind: JsonValueKind.False } => false,
        _ => Wrong(name, "true or false is allowed") is not null,
    };

    public int Number(string name, int unless, int least, int most)
    {
        if (Find(name) is not { } value)
        {
            return unless;
        }

        if (value.Kind == JsonValueKind.Number && int.TryParse(value.Text, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, $"a whole number from {least} to {most} is allowed");
        return unless;
    }

    public TimeSpan Duration(string name, TimeSpan unless, TimeSpan least, TimeSpan most)
    {
        if (Text(name) is not { } text)
        {
            return unless;
        }

        if (DurationText.TryParse(text, out var duration) && duration >= least && duration <= most)
        {
            return duration;
        }

        Refuse(
            name,
            $"'{text}' is not allowed; whole minutes, hours or days from {DurationText.Of(least)} to {DurationText.Of(most)}, "
            + "as 5m, 2h, 1d");
        return unless;
    }

    public T Choice<T>(string name, T unless)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return unless;
        }

        // By its names only: TryParse would take numbers and lists too.
        if (Enum.GetNames<T>().FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return Enum.Parse<T>(found);
        }

        Refuse(name, $"'{text}' is not allowed; one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");
        return unless;
    }

    public TimeZoneInfo? Zone(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone))
        {
            return zone;
        }

        Refuse(name, $"'{text}' is no time zone that is known here; one such as UTC or America/Mexico_City is allowed");
        return null;
    }

    public Uri? Address(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        Refuse(name, "an address that begins with http:// or https:// is allowed");
        return null;
    }

    /// <summary>Where a secret is: <c>NAME_env</c> names an environment variable, <c>NAME_file</c> a file.</summary>
    public SecretSource? Secret(string name, bool isRequired)
    {
        var (variable, file) = (Filled($"{name}_env"), Filled($"{name}_file"));
        if ((variable is null) == (file is null) && (isRequired || file is not null))
        {
            RefuseWhole($"one of '{name}_env', an environment variable, and '{name}_file', a file, must say where it is");
        }

        return variable is null && file is null ? null : new SecretSource(variable, variable is null ? file : null);
    }

    /// <summary>A list of texts, or one text alone.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        switch (Find(name))
        {
            case null:
                return [];
            case { Kind: JsonValueKind.String } one:
                return [one.Text];
            case { Kind: JsonValueKind.Array } list when list.Items.All(item => item.Kind == JsonValueKind.String):
                return [.. list.Items.Select(item => item.Text)];
            default:
                Refuse(name, "a text or a list of texts is allowed");
                return [];
        }
    }

    public Section? Object(string name)
    {
        if (Find(name) is { } value && !_objects.ContainsKey(name))
        {
            _objects[name] = new Section($"{Key}:{name}", LineOf(name), value, _faults);
        }

        return _objects.GetValueOrDefault(name);
    }

    /// <summary>The members as objects, where their names are the owner's to choose.</summary>
    public IEnumerable<(string Name, Section Value)> Objects()
    {
        foreach (var name in _members.Keys)
        {
            if (Object(name) is { } section)
            {
                yield return (name, section);
            }
        }
    }

    public IReadOnlyDictionary<string, string> Pairs(string name)
    {
        var pairs = new Dictionary<string, string>();
        if (Object(name) is { } section)
        {
            foreach (var key in section._members.Keys)
            {
                pairs[key] = section.Text(key) ?? "";
            }
        }

        return pairs;
    }

    public void RefuseOthers()
    {
        foreach (var name in _members.Keys.Except(_asked))
        {
            Refuse(name, $"there is no such setting; there are: {string.Join(", ", _asked.Distinct())}");
        }
    }

    // One that is empty is a fault, and reads as it stands: that it is missing too would be a second one.
    private string? Filled(string name)
    {
        var text = Text(name);
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            Refuse(name, "a text that is not empty is allowed");
        }

        return text;
    }

    private void Refuse(int line, string key, string problem) => _faults.Add(new AlertFault(line, key, problem));

    private void Ask(string name) => _asked.Add(name);

    private LinedJson? Find(string name)
    {
        Ask(name);
        return _members.TryGetValue(name, out var member) && member.Value.Kind != JsonValueKind.Null ? member.Value : null;
    }

    private string? Wrong(string name, string problem)
    {
        Refuse(name, problem);
        return null;
    }
}

using System.Text;
using System.Text.Json;
using Bitacora.Alerting.Rules;

namespace Bitacora.Alerting;

/// <summary>What the section <c>alerts</c> of <c>bitacora.json</c> says. Immutable.</summary>
public sealed record AlertSettings
{
    /// <summary>A rule whose name nobody may take: alerts about alerting itself.</summary>
    public const string BuiltInRule = "alerting";

    private const int MaxRules = 1000;
    private const int MaxChannels = 50;
    private const int MaxName = 64;

    /// <summary>What holds without any configuration: the three default rules.</summary>
    public static AlertSettings Default { get; } = new() { Rules = DefaultRules.All };

    /// <summary>The rules: the defaults that were not replaced, then those of the file.</summary>
    public IReadOnlyList<AlertRule> Rules { get; init; } = [];

    /// <summary>Who can be told.</summary>
    public IReadOnlyList<ChannelSettings> Channels { get; init; } = [];

    /// <summary>The language of messages. Default English.</summary>
    public AlertLanguage Language { get; init; }

    /// <summary>The zone in which messages give times, where a rule has none of its own. Default UTC.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>
    /// Where people reach the server's page; messages have no link without. Default null: who makes the engine puts a server's own address
    /// here.
    /// </summary>
    public Uri? Link { get; init; }

    /// <summary>The section as it was written; null without one. Secrets are named in it, never held.</summary>
    public string? Section { get; init; }

    /// <summary>All that is wrong, in the order of the file; nothing is evaluated while there is any.</summary>
    public IReadOnlyList<AlertFault> Faults { get; init; } = [];

    /// <summary>Reads a configuration file's section <c>alerts</c>; without one, the defaults. Never throws for what it reads.</summary>
    /// <param name="json">The whole file, so that lines are the file's. Comments and trailing commas are allowed.</param>
    public static AlertSettings Read(ReadOnlySpan<byte> json)
    {
        var faults = new List<AlertFault>();
        try
        {
            // Editors on some systems write a byte order mark.
            json = json is [0xEF, 0xBB, 0xBF, ..] ? json[3..] : json;
            var file = LinedJson.Parse(json);
            if (file.Kind != JsonValueKind.Object)
            {
                return Default with { Faults = [new AlertFault(file.Line, "alerts", "the file must hold one JSON object")] };
            }

            var (name, line, value) = file.Members.FirstOrDefault(member => member.Name == "alerts");
            if (name is null)
            {
                return Default;
            }

            var settings = Read(new Section("alerts", line, value, faults), faults);
            return settings with
            {
                Faults = [.. faults.OrderBy(fault => fault.Line)],
                Section = Encoding.UTF8.GetString(json[value.Extent]),
            };
        }
        catch (JsonException error)
        {
            return Default with { Faults = [new AlertFault((int)(error.LineNumber ?? 0) + 1, "alerts", $"no JSON: {error.Message}")] };
        }
    }

    /// <summary>
    /// Reads a duration as the configuration writes it: whole minutes, hours or days, as <c>5m</c>, <c>2h</c>, <c>1d</c>.
    /// </summary>
    public static bool TryReadDuration(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DurationText.TryParse(text, out duration);
    }

    private static AlertSettings Read(Section section, List<AlertFault> faults)
    {
        var rules = section.Flag("defaults", unless: true) ? DefaultRules.All.ToList() : [];
        foreach (var (name, rule) in section.Object("rules")?.Objects() ?? [])
        {
            if (name == BuiltInRule)
            {
                faults.Add(new AlertFault(rule.Line, rule.Key, "the name is the built-in rule's; choose another"));
            }

            rules.RemoveAll(known => known.Name == name);
            rules.Add(RuleReader.Read(name, rule));
        }

        if (rules.Count > MaxRules)
        {
            section.Refuse("rules", $"there are {rules.Count}; at most {MaxRules} are allowed");
        }

        var settings = new AlertSettings
        {
            Rules = rules,
            Channels = ReadChannels(section),
            Language = section.Choice("language", AlertLanguage.En),
            Zone = section.Zone("zone") ?? TimeZoneInfo.Utc,
            Link = section.Address("link"),
        };
        RefuseUnknownChannels(section, settings);
        section.RefuseOthers();
        return settings;
    }

    private static List<ChannelSettings> ReadChannels(Section section)
    {
        var channels = new List<ChannelSettings>();
        foreach (var (name, channel) in section.Object("channels")?.Objects() ?? [])
        {
            if (name.Length is 0 or > MaxName)
            {
                channel.RefuseWhole($"a name of 1 to {MaxName} characters is allowed");
            }

            // One that cannot be read is at fault itself; rules may name it all the same.
            channels.Add(ChannelReader.Read(name, channel) ?? new StdoutSettings(name));
        }

        if (channels.Count > MaxChannels)
        {
            section.Refuse("channels", $"there are {channels.Count}; at most {MaxChannels} are allowed");
        }

        return channels;
    }

    private static void RefuseUnknownChannels(Section section, AlertSettings settings)
    {
        var known = settings.Channels.Select(channel => channel.Name).ToArray();
        foreach (var rule in settings.Rules)
        {
            foreach (var name in rule.Channels.Except(known))
            {
                var allowed = known.Length == 0 ? "there is none in 'channels'" : $"there are: {string.Join(", ", known)}";
                section.Object("rules")!.Object(rule.Name)!.Refuse("channels", $"there is no channel '{name}'; {allowed}");
            }
        }
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>
/// A real log whose lines get fresh times, evenly over some minutes, and what a person reads off its lines with a regular expression: none
/// of it by the product's own readers.
/// </summary>
/// <param name="Source">The file, in the shared folder.</param>
/// <param name="Format">The format's name.</param>
/// <param name="Time">Finds the time in a line.</param>
/// <param name="TimeFormat">How it is written.</param>
/// <param name="Level">Finds what decides the level.</param>
/// <param name="Levels">The level by what was found; INFO where it says nothing.</param>
/// <param name="Logger">Finds the logger; null where the format has none.</param>
internal sealed partial record ReplayedLog(
    string Source, string Format, Regex Time, string TimeFormat, Regex Level, Func<string, string> Levels, Regex? Logger = null)
{
    /// <summary>How often the file is repeated, where it is short.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The file's name where it is ingested: nginx is known by it.</summary>
    public string Name { get; init; } = Path.GetFileName(Source);

    /// <summary>Lines that end in the middle: they are stored as they are.</summary>
    public int Torn { get; init; }

    public static IReadOnlyDictionary<string, ReplayedLog> All { get; } = new Dictionary<string, ReplayedLog>
    {
        // nginx and Apache write the same; the file's name says which.
        ["nginx"] = new(
            "data/apache-access-10k.log", "access", Bracket(), "'['dd/MMM/yyyy:HH:mm:ss '+0000]'", Status(),
            status => status[0] == '5' ? "ERROR" : status[0] == '4' ? "WARNING" : "INFO", WholeLine())
        {
            Name = "nginx-access.log",
            Torn = 1,
        },
        ["apache"] = new(
            "data/loghub-Apache.log", "apache-error", Bracket(), "'['ddd MMM dd HH:mm:ss yyyy']'", ApacheLevel(),
            level => level == "error" ? "ERROR" : "INFO", Anything()),
        ["syslog"] = new(
            "data/loghub-Linux.log", "syslog", SyslogTime(), "MMM dd HH:mm:ss", SshdTrouble(), SshdLevel, ProgramPart()),
        ["sshd"] = new(
            "data/loghub-OpenSSH.log", "syslog", SyslogTime(), "MMM dd HH:mm:ss", SshdTrouble(), SshdLevel, ProgramPart()),
        ["openstack"] = new(
            "data/loghub-OpenStack.log", "openstack", PlainTime(), "yyyy-MM-dd HH:mm:ss.fff", PythonLevel(), level => level,
            PythonLogger()),
        ["postgresql"] = new(
            "samples/formats/postgresql-15.json", "postgresql-json", JsonTime(), "yyyy-MM-dd HH:mm:ss.fff 'UTC'", Severity(),
            severity => severity switch { "FATAL" or "PANIC" => "CRITICAL", "ERROR" or "WARNING" => severity, _ => "INFO" })
        {
            Times = 12,
        },
    };

    /// <summary>The file's lines; null where the shared folder is absent.</summary>
    public string[]? ReadLines()
    {
        for (var folder = new DirectoryInfo(Product.Root); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", Source);
            if (File.Exists(file))
            {
                return [.. Enumerable.Repeat(File.ReadAllLines(file), Times).SelectMany(lines => lines)];
            }
        }

        return null;
    }

    public string WithTime(string line, DateTime time) =>
        Time.Replace(line, time.ToString(TimeFormat, CultureInfo.InvariantCulture), count: 1);

    public string LevelOf(string line) => Level.Match(line) is { Success: true } match ? Levels(match.Groups[1].Value) : "INFO";

    /// <summary>The logger; null for a line without one.</summary>
    public string? LoggerOf(string line) => Logger?.Match(line) is not { Success: true } match ? null
        : match.Groups[1] is { Success: true } name ? name.Value
        : Format == "access" ? "access" : "error";

    private static string SshdLevel(string word) => word == "error" ? "ERROR" : "CRITICAL";

    [GeneratedRegex(@"\[[^\]]+\]")]
    private static partial Regex Bracket();

    [GeneratedRegex("^")]
    private static partial Regex Anything();

    [GeneratedRegex(@"""$")]
    private static partial Regex WholeLine();

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*"" (\d{3}) ")]
    private static partial Regex Status();

    [GeneratedRegex(@"^\[[^\]]+\] \[(\w+)\]")]
    private static partial Regex ApacheLevel();

    [GeneratedRegex("^.{15}")]
    private static partial Regex SyslogTime();

    [GeneratedRegex(@"sshd\[\d+\]: (error|fatal): ")]
    private static partial Regex SshdTrouble();

    [GeneratedRegex(@"^.{15} \S+ [\w.-]+\((\w+)\)\[\d+\]:")]
    private static partial Regex ProgramPart();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}")]
    private static partial Regex PlainTime();

    [GeneratedRegex(@"\d+ (INFO|WARNING|ERROR|CRITICAL) ")]
    private static partial Regex PythonLevel();

    [GeneratedRegex(@"\d+ [A-Z]+ ([\w.]+) ")]
    private static partial Regex PythonLogger();

    [GeneratedRegex(@"(?<=""timestamp"":"")[^""]+")]
    private static partial Regex JsonTime();

    [GeneratedRegex(@"""error_severity"":""(\w+)""")]
    private static partial Regex Severity();
}

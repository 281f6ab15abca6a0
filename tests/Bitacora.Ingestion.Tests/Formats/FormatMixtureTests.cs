using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Files that change their format in the middle.</summary>
public class FormatMixtureTests
{
    public static TheoryData<string> Ids() => [.. LogFormats.All.Where(HasFirstLines).Select(format => format.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Lines_of_another_format_are_read_as_they_are_in_a_file_of_their_own(string id)
    {
        var faults = new List<string>();
        var compared = 0;
        var format = LogFormats.Find(id)!;
        foreach (var other in LogFormats.All.Where(other => other != format && other.IsKnownAmongOthers && HasFirstLines(other)))
        {
            if (Knows(format, other.Example) || LogFormats.All.Any(third => third != other && Knows(third, other.Example)))
            {
                // A line that two formats know is the main one's, or plain.
                continue;
            }

            compared++;
            var file = string.Concat(Enumerable.Repeat(format.Example + "\n", 8)) + other.Example + "\n" + format.Example + "\n";
            var mixed = await FormatReading.ReadAsync(Encoding.UTF8.GetBytes(file), Context);
            var alone = (await FormatReading.ReadAsync(Encoding.UTF8.GetBytes(other.Example + "\n"), Context)).Records[0].Record;
            var begin = (ulong)Encoding.UTF8.GetByteCount(string.Concat(Enumerable.Repeat(format.Example + "\n", 8)));
            var found = mixed.Records.Find(entry => entry.Position == begin).Record;
            if (found is null || Show(found) != Show(alone))
            {
                faults.Add($"{other.Id} in {mixed.Format.Format.Id}: {(found is null ? "joined" : Show(found))} instead of {Show(alone)}");
            }
        }

        faults.ShouldBeEmpty();
        compared.ShouldBeGreaterThan(3);
    }

    private static string Show(LogRecord record) => $"{Levels.Name(record.Level)} {record.Message}";

    /// <summary>Not so plain text, and entries of a journal, whose lines may come in any order.</summary>
    private static bool HasFirstLines(LogFormat format) => RoleOf(format, format.Example) == LineRole.Start;

    private static bool Knows(LogFormat format, string example) =>
        RoleOf(format, example) is LineRole.Start or LineRole.Part;

    private static LineRole RoleOf(LogFormat format, string example) =>
        format.Create(Context).Classify(Encoding.UTF8.GetBytes(example.Split('\n')[0]), out _);

    private static FormatContext Context => new(TimeZoneInfo.Utc, RecordTime.ToDateTimeOffset(Decoded.Noon)) { Stem = "file" };
}

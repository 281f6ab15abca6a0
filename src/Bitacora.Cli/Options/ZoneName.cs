using Bitacora.Cli.Commands;

namespace Bitacora.Cli.Options;

/// <summary>A time zone as it is typed.</summary>
internal static class ZoneName
{
    /// <summary>A zone of the IANA database.</summary>
    /// <exception cref="CommandException">It is not known.</exception>
    public static TimeZoneInfo Read(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
        ? zone
        : throw new CommandException(
            $"The time zone '{id}' is not known.", "Write it as the IANA database does: Europe/Madrid, America/Lima, UTC.",
            ExitCode.WrongUsage);

    /// <summary>The same, or an offset such as <c>+02:00</c>, which old log files need: a server's zone is not always a place's.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static TimeZoneInfo ReadZoneOrOffset(string text)
    {
        if (text is not ['+' or '-', ..])
        {
            return Read(text);
        }

        var digits = text[1..].Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is not (2 or 4) || !digits.All(char.IsAsciiDigit))
        {
            throw Unknown(text);
        }

        var value = int.Parse(digits.PadRight(4, '0'), System.Globalization.CultureInfo.InvariantCulture);
        var offset = new TimeSpan(value / 100, value % 100, 0) * (text[0] == '-' ? -1 : 1);
        return value % 100 < 60 && offset.Duration() <= TimeSpan.FromHours(14)
            ? TimeZoneInfo.CreateCustomTimeZone("UTC" + text, offset, "UTC" + text, "UTC" + text)
            : throw Unknown(text);
    }

    private static CommandException Unknown(string text) =>
        new($"'{text}' is no offset to UTC.", "Write +02:00, -0500, or a zone: Europe/Madrid.", ExitCode.WrongUsage);
}

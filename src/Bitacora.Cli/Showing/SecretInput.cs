using System.Text;

namespace Bitacora.Cli.Showing;

/// <summary>Reads a line from the terminal without showing it.</summary>
internal static class SecretInput
{
    // More than any password, and an end to a pasted file.
    private const int MaxLength = 1024;

    public static string ReadLine()
    {
        var line = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                line.Length = Math.Max(0, line.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar) && line.Length < MaxLength)
            {
                line.Append(key.KeyChar);
            }
        }

        return line.ToString();
    }
}

using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// Which columns of a segment hold any value: the text fields by their number, then these. A column that holds none is not read, and
/// a condition on it is known to be false.
/// </summary>
internal static class ColumnBits
{
    public const int Duration = 1 << NamedFields.Count;
    public const int Attributes = Duration << 1;
    public const int MessageFolded = Attributes << 1;
    public const int TracebackFolded = MessageFolded << 1;
    public const int All = (TracebackFolded << 1) - 1;

    public static int Of(NamedField field) => 1 << (int)field;
}

using System.Text;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>
/// What stands between the prefix of a line and its text: a severity, or the name of what the line adds to the one before. Both are
/// translated (<c>lc_messages</c>).
/// </summary>
internal static class LineLabel
{
    /// <summary>In bytes. The longest of PostgreSQL's translations has 33.</summary>
    private const int Longest = 40;

    private static readonly (byte[] Word, PostgreSqlField Field)[] Parts =
    [
        .. Words(PostgreSqlField.Detail, "DETAIL DETALLE DÉTAIL DETTAGLI ПОДРОБНОСТИ DETALJ ВІДОМОСТІ 詳細 详细信息 상세정보 DETALHE"),
        .. Words(PostgreSqlField.Hint, "HINT TIPP ASTUCE SUGGERIMENTO ПОДСКАЗКА TIPS УКАЗІВКА ヒント 提示 힌트 DICA"),
        .. Words(PostgreSqlField.InternalQuery, "QUERY CONSULTA ANFRAGE REQUÊTE ЗАПРОС FRÅGA ЗАПИТ 問い合わせ 查询"),
        .. Words(PostgreSqlField.Context, "CONTEXT CONTEXTO ZUSAMMENHANG CONTEXTE CONTESTO КОНТЕКСТ KONTEXT 文脈 上下文 내용"),
        .. Words(PostgreSqlField.Location, "LOCATION UBICACIÓN ORT EMPLACEMENT POSIZIONE PLATS РОЗТАШУВАННЯ 場所 位置 LOCAL"),
        .. Words(PostgreSqlField.Query, "STATEMENT SENTENCIA ANWEISUNG INSTRUCTION ISTRUZIONE ОПЕРАТОР SATS ІНСТРУКЦІЯ 文 语句 COMANDO"),
    ];

    /// <summary>Reads <c>ERROR:  </c>, blanks before it allowed.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Where the prefix ends.</param>
    /// <param name="field">What it names: <see cref="PostgreSqlField.Severity"/>, or what is added.</param>
    /// <param name="word">Where the word lies.</param>
    /// <param name="textStart">Where the text begins.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, int at, out PostgreSqlField field, out Range word, out int textStart)
    {
        field = PostgreSqlField.Severity;
        word = default;
        textStart = 0;
        while (at < line.Length && line[at] == ' ')
        {
            at++;
        }

        var label = line[at..Math.Min(line.Length, at + Longest + 3)];
        var colon = label.IndexOf(":  "u8);
        if (colon < 2 || !IsWordByte(label[0]))
        {
            return false;
        }

        textStart = at + colon + 3;

        // French puts a blank before the colon, which may be one that does not break the line.
        label = label[..colon];
        label = label.EndsWith("\u00A0"u8) ? label[..^2] : label.TrimEnd((byte)' ');
        foreach (var value in label)
        {
            if (!IsWordByte(value))
            {
                return false;
            }
        }

        word = at..(at + label.Length);
        field = Find(label);
        return true;
    }

    private static PostgreSqlField Find(ReadOnlySpan<byte> label)
    {
        // Severities are most of the lines, and these four most of the severities.
        if (label.SequenceEqual("LOG"u8) || label.SequenceEqual("ERROR"u8) || label.SequenceEqual("WARNING"u8)
            || label.SequenceEqual("FATAL"u8))
        {
            return PostgreSqlField.Severity;
        }

        foreach (var (word, field) in Parts)
        {
            if (label.SequenceEqual(word))
            {
                return field;
            }
        }

        return PostgreSqlField.Severity;
    }

    private static bool IsWordByte(byte value) => value is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or >= 0x80;

    private static IEnumerable<(byte[] Word, PostgreSqlField Field)> Words(PostgreSqlField field, string words) =>
        words.Split(' ').Select(word => (Encoding.UTF8.GetBytes(word), field));
}

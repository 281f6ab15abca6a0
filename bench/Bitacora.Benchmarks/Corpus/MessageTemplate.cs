namespace Bitacora.Benchmarks.Corpus;

/// <summary>A kind of message: literals with a variable after each but the last, and where it comes from.</summary>
internal sealed record MessageTemplate(byte[] Level, byte[] Source, byte[] Logger, byte[][] Literals, MessageVariable[] Variables)
{
    public void Write(TextBuffer target, ref SplitMix random)
    {
        target.Append(Literals[0]);
        for (var i = 0; i < Variables.Length; i++)
        {
            WriteVariable(Variables[i], target, ref random);
            target.Append(Literals[i + 1]);
        }
    }

    private static void WriteVariable(MessageVariable variable, TextBuffer target, ref SplitMix random)
    {
        switch (variable)
        {
            case MessageVariable.Number:
                target.Append(random.Next(100_000));
                break;
            case MessageVariable.HexId:
                target.AppendHex(random.Next(), 16);
                break;
            default:
                target.Append("10."u8);
                target.Append(random.Next(8));
                target.Append("."u8);
                target.Append(random.Next(256));
                target.Append("."u8);
                target.Append(random.Next(256));
                break;
        }
    }
}

using System.Buffers.Text;
using System.Text;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>The lines of LightGBM's text form that say what a model predicts: members of the header and of each tree, as text. Lists of members
/// are read where they are asked for.</summary>
internal sealed class LightgbmFile
{
    /// <summary>Trees have up to 131,072 leaves, and each member of a tree is one line.</summary>
    private const int MaxLine = 16 * 1024 * 1024;
    private const int MaxMembers = 64;

    private LightgbmFile(LightgbmMembers header, IReadOnlyList<LightgbmMembers> trees, ReadOnlyMemory<byte> tail) =>
        (Header, Trees, Tail) = (header, trees, tail);

    public LightgbmMembers Header { get; }

    public IReadOnlyList<LightgbmMembers> Trees { get; }

    /// <summary>What stands behind the trees: importance, parameters, and the categories of a data frame.</summary>
    public ReadOnlyMemory<byte> Tail { get; }

    /// <exception cref="TrainingException">With InvalidModelFile.</exception>
    public static LightgbmFile Parse(ReadOnlyMemory<byte> file)
    {
        LightgbmMembers header = new("header");
        List<LightgbmMembers> trees = [];
        LightgbmMembers current = header;
        int line = 0;
        for (int start = 0; start < file.Length; line++)
        {
            int length = file.Span[start..].IndexOf((byte)'\n') is >= 0 and var found ? found : file.Length - start;
            if (length > MaxLine)
            {
                throw Refuse($"line {line + 1} has more than {MaxLine} bytes");
            }

            ReadOnlyMemory<byte> text = file.Slice(start, length);
            text = text.Span.EndsWith("\r"u8) ? text[..^1] : text;
            start += length + 1;
            if (text.Span.Contains((byte)'\r') || text.Span.SequenceEqual("Tree"u8))
            {
                throw Refuse($"line {line + 1}: a carriage return within the line, or a tree without a number: it can be read in more than one way");
            }

            if (text.Span.SequenceEqual("end of trees"u8))
            {
                return new LightgbmFile(header, trees, start < file.Length ? file[start..] : default);
            }

            if (text.Span.StartsWith("Tree="u8))
            {
                RequireNumber(text.Span["Tree=".Length..], trees.Count, line);
                if (trees.Count >= ImportBounds.MaxTrees)
                {
                    throw Refuse($"more than {ImportBounds.MaxTrees} trees");
                }

                trees.Add(current = new LightgbmMembers($"tree {trees.Count}"));
            }
            else if (!text.IsEmpty && !(line == 0 && text.Span.SequenceEqual("tree"u8)))
            {
                current.Add(text, line + 1, MaxMembers);
            }
        }

        throw Refuse("it ends before the line 'end of trees': the file is cut off");
    }

    public static TrainingException Refuse(string why) => new(TrainingFault.InvalidModelFile, $"LightGBM model: {why}");

    private static void RequireNumber(ReadOnlySpan<byte> text, int expected, int line)
    {
        if (!Utf8Parser.TryParse(text, out int number, out int used) || used != text.Length || number != expected)
        {
            throw Refuse($"line {line + 1}: tree '{Encoding.UTF8.GetString(text[..Math.Min(text.Length, 20)])}', expected tree {expected}");
        }
    }
}

namespace Sync.Node.Files;

/// <summary>A column of answers.</summary>
internal sealed record AnswerColumn(string Name, AnswerType Type);

internal enum AnswerType
{
    Text,

    /// <summary>float32, as models compute.</summary>
    Single,

    /// <summary>float64, as explanations add up.</summary>
    Double,
}

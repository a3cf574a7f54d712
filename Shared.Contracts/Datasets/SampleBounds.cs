namespace Shared.Contracts.Datasets;

/// <summary>The bounds of uploads to a dataset, for both sides: a node cuts what it sends to them, and a relay takes everything within
/// them.</summary>
public static class SampleBounds
{
    /// <summary>The column of an upload with the id of the sample: that of the prediction, where it is one.</summary>
    public const string IdColumn = "id";

    /// <summary>The column with the label in an upload of labels. In one of samples it has the name that the dataset gives it.</summary>
    public const string LabelColumn = "label";

    /// <summary>Media type of JSON objects, one in each line.</summary>
    public const string NdjsonType = "application/x-ndjson";

    /// <summary>Media type of CSV with a header line and commas.</summary>
    public const string CsvType = "text/csv";

    /// <summary>Media type of Parquet; not from nodes.</summary>
    public const string ParquetType = "application/vnd.apache.parquet";

    /// <summary>Maximum bytes of an upload that a node signs.</summary>
    public const int NodeBytes = 1024 * 1024;

    /// <summary>Maximum bytes of an upload with an API key.</summary>
    public const long KeyBytes = 512L * 1024 * 1024;

    /// <summary>Maximum bytes of a line.</summary>
    public const int LineBytes = 256 * 1024;

    /// <summary>Maximum bytes of a text in a cell, in UTF-8.</summary>
    public const int CellBytes = 1024;

    /// <summary>Maximum characters of a label.</summary>
    public const int LabelLength = 256;

    /// <summary>Maximum faults that a report lists; it counts all.</summary>
    public const int Faults = 100;

    /// <summary>Maximum ids in one request to forget samples.</summary>
    public const int Ids = 10_000;

    /// <summary>Maximum labels that one source may give to one sample, one after another.</summary>
    public const int LabelChanges = 8;

    /// <summary>The rule for ids, for messages.</summary>
    public const string IdRule = RelayName.NodeRule + ", and no IP address in it";

    /// <summary>True for the id of a sample.</summary>
    public static bool IsId(string? text) => RelayName.IsValidNode(text) && !LoggedAddress.IsIn(text);

    /// <summary>True for a text that can be a label.</summary>
    public static bool IsLabel(string? text) => text is { Length: > 0 and <= LabelLength } && DisplayText.IsNameInData(text);
}

namespace Relay.Server.Datasets.Exports;

/// <summary>The forms in which a dataset is exported; all of them can be sent to a dataset again.</summary>
internal enum ExportFormat
{
    Csv,
    Ndjson,
    Parquet,
}

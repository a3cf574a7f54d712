using System.Text;
using Relay.Server.Datasets.Samples;
using Relay.Training;
using Relay.Training.Data.Uploads;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Uploads;

/// <summary>Rows of CSV or Parquet: the header names the columns.</summary>
internal sealed class TableUpload : RowUpload
{
    private const int IdTarget = -1;
    private const int ShownNames = 10;

    private readonly UploadFile _file;
    private readonly int[] _targets;

    private TableUpload(UploadFile file, int[] targets) => (_file, _targets) = (file, targets);

    /// <param name="columns">The names of the columns, in their order.</param>
    /// <returns>The rows, or why the header does not fit.</returns>
    /// <exception cref="TrainingException">The header is damaged.</exception>
    public static (TableUpload? Rows, string? Error) Open(UploadFile file, IReadOnlyList<string> columns)
    {
        IReadOnlyList<string> header = file.Header;
        Dictionary<string, int> targets = columns.Index().ToDictionary(column => column.Item, column => column.Index, StringComparer.Ordinal);
        targets[SampleBounds.IdColumn] = IdTarget;
        string[] unknown = [.. header.Where(name => !targets.ContainsKey(name))];
        string[] repeated = [.. header.CountBy(name => name).Where(name => name.Value > 1).Select(name => name.Key)];
        string? error =
            !header.Contains(SampleBounds.IdColumn) ? $"the header has no column '{SampleBounds.IdColumn}'"
            : unknown.Length > 0 ? $"the header has columns that the dataset does not have: {List(unknown)}"
            : repeated.Length > 0 ? $"the header names columns more than once: {List(repeated)}"
            : null;
        return error is null ? (new TableUpload(file, [.. header.Select(name => targets[name])]), null) : (null, error);
    }

    public override bool Read(SampleRow row, out SampleFault? fault)
    {
        fault = null;
        if (!_file.Read())
        {
            return false;
        }

        row.Begin(_file.Line);
        if (_file.FieldCount != _targets.Length)
        {
            fault = new(_file.Line, SampleFaultReason.Malformed, $"{_file.FieldCount} cells where the header has {_targets.Length}");
            return true;
        }

        for (int i = 0; i < _targets.Length; i++)
        {
            if (_targets[i] == IdTarget)
            {
                row.Id = Encoding.UTF8.GetString(_file.Field(i));
            }
            else
            {
                row.Set(_targets[i], _file.Field(i));
            }
        }

        return true;
    }

    public override void Dispose() => _file.Dispose();

    private static string List(string[] names) =>
        string.Join(", ", names.Take(ShownNames).Select(name => $"'{DisplayText.Escape(name, 40)}'"))
        + (names.Length > ShownNames ? $" and {names.Length - ShownNames} more" : "");
}

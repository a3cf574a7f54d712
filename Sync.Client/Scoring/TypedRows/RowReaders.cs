using Shared.Contracts;
using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>The readers of one version, one for each row type of its model.</summary>
internal sealed class RowReaders
{
    private readonly object[] _readers;

    private RowReaders(object[] readers) => _readers = readers;

    public static RowReaders None { get; } = new([]);

    /// <summary>Binds a reader for every row type of a model, or refuses the version with what does not match.</summary>
    public static Result<RowReaders> Bind(IEnumerable<RowType> types, string model, ModelSchema schema, string subject)
    {
        List<object> readers = [];
        foreach (RowType type in types.Where(t => t.Model == model))
        {
            if (type.Bind(schema, out IReadOnlyList<string> errors) is not { } reader)
            {
                return new Refusal(
                    RefusalReason.SchemaMismatch, subject, $"this node's row type {type.Type.Name} does not fit: {string.Join("; ", errors)}");
            }

            readers.Add(reader);
        }

        return new RowReaders([.. readers]);
    }

    public RowReader<TRow> Get<TRow>()
    {
        foreach (object reader in _readers)
        {
            if (reader is RowReader<TRow> found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"no rows of {typeof(TRow)} were bound to this version");
    }
}

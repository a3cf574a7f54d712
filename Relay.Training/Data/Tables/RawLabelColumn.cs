using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>The label column as it stands in the source.</summary>
internal abstract record RawLabelColumn(string Column)
{
    public abstract RawLabelColumn Select(RowSelection rows);
}

using Relay.Training.Data.Reading;
using Relay.Training.Data.Weighting;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Streaming;

/// <summary>The row reader of a pass before the others, which reads only the times of rows.</summary>
internal sealed class TimeReader(ModelSpec spec) : RowReader([], null, new RowWeightInputs(spec, timesOnly: true));

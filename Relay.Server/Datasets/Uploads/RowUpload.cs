using Relay.Server.Datasets.Samples;
using Shared.Contracts.Api;

namespace Relay.Server.Datasets.Uploads;

/// <summary>The rows of an upload in one of its forms.</summary>
internal abstract class RowUpload : IDisposable
{
    /// <summary>Moves to the next row and fills it in.</summary>
    /// <param name="fault">What is wrong with the form of the row; null where nothing is. The row is not to be used then.</param>
    /// <returns>False after the last row.</returns>
    /// <exception cref="Relay.Training.TrainingException">The content is damaged from here on.</exception>
    public abstract bool Read(SampleRow row, out SampleFault? fault);

    public abstract void Dispose();
}

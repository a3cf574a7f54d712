namespace Sync.Client;

/// <summary>Sends rows and labels to the datasets of the relay, from which models are trained again. Nothing leaves the node without
/// <see cref="RelaySyncOptions.Samples"/> and without the consent in the signed file of the active version. All members may be called from any
/// thread; none waits for the disk or the network.</summary>
public interface IRelaySamples
{
    /// <summary>What became of the rows and labels of this process.</summary>
    SampleCounts Counts { get; }

    /// <summary>Records a row of a model, of which the consented columns are sent.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="numbers">One value per number input; NaN is a missing value.</param>
    /// <param name="categories">One value per category input; empty is a missing value.</param>
    /// <param name="label">The true label, where it is known; null where it comes later or never.</param>
    /// <returns>The id of the sample, for <see cref="Label"/>; null where the row is not kept: by the options, the consent or the draw, because too
    /// many wait, or because a number is infinite or a text longer than a dataset takes.</returns>
    /// <exception cref="RelayModelException">No version is active, or the row is not of its width.</exception>
    string? Record(string model, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default, string? label = null);

    /// <summary>As <see cref="Record"/>, of a row type that <see cref="RelaySyncOptions.AddModel{TRow}(string)"/> named.</summary>
    /// <param name="row">The row.</param>
    /// <param name="model">Needed where several models take such rows.</param>
    /// <param name="label">The true label, where it is known.</param>
    /// <returns>As of <see cref="Record"/>.</returns>
    /// <exception cref="ArgumentException">No model of the options takes such rows, or several do.</exception>
    /// <exception cref="RelayModelException">No version is active.</exception>
    string? RecordRow<TRow>(TRow row, string? model = null, string? label = null);

    /// <summary>Records the true label of a sample, however late it comes. A label that is given twice counts once.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="id">What <see cref="Record"/> returned.</param>
    /// <param name="label">The label, of 1 to 256 characters.</param>
    /// <returns>False where it is not kept: by the options, because the active version names no dataset or another one than that of the sample, or
    /// because too many wait.</returns>
    /// <exception cref="ArgumentException">The id or the label cannot be one.</exception>
    /// <exception cref="RelayModelException">No version is active.</exception>
    bool Label(string model, string id, string label);
}

/// <summary>What became of rows and labels since the process began.</summary>
/// <param name="Pending">Those that wait for the relay, in memory and in the store.</param>
/// <param name="Taken">Those that the relay has.</param>
/// <param name="Refused">Those that the relay did not take.</param>
/// <param name="Dropped">Those that were not kept: too many waited, a new version took its consent back, or the disk lost them.</param>
public sealed record SampleCounts(long Pending, long Taken, long Refused, long Dropped);

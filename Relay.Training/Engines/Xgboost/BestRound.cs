namespace Relay.Training.Engines.Xgboost;

/// <summary>Remembers the round with the least loss on watched rows.</summary>
/// <param name="patience">Rounds without a better one after which to stop.</param>
internal sealed class BestRound(int patience)
{
    private double _loss = double.PositiveInfinity;
    private int _rounds;

    public int Round { get; private set; }

    public bool IsLongAgo => _rounds - Round > patience;

    public void Add(double loss)
    {
        if (loss < _loss)
        {
            (_loss, Round) = (loss, _rounds);
        }

        _rounds++;
    }
}

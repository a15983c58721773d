using ClusterGrains.Benchmarks;

return await BenchmarkCommand.Run(args);
